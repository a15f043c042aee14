import { IconPinFilled } from '@tabler/icons-react'
import { useState } from 'react'
import styles from './chat.module.css'
import type { Message } from './chat-room.ts'

/** What the hosts pinned, the newest first; a tap goes on to the next. */
export function PinnedBanner({ pins }: { pins: readonly Message[] }) {
  const [turn, setTurn] = useState(0)
  const order = pins.toReversed()
  const pin = order[turn % Math.max(1, order.length)]
  if (!pin) return null
  return (
    <aside className={styles.pins} aria-label="Pinned">
      <IconPinFilled size={18} aria-hidden="true" />
      <p className={styles.pinText}>
        <strong>{pin.by.name}</strong> {pin.text}
      </p>
      {order.length > 1 ? (
        <button type="button" aria-label={`Next of ${order.length} pinned messages`} onClick={() => setTurn(turn + 1)}>
          {(turn % order.length) + 1}/{order.length}
        </button>
      ) : null}
    </aside>
  )
}
