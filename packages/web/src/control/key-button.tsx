import { keyName, keyText, LINE_KEYS, ROOM_KEYS, type LineKey, type RoomKey } from './keys.ts'
import styles from './button.module.css'
import type { ReactNode } from 'react'

const KEYS = { ...ROOM_KEYS, ...LINE_KEYS }

interface KeyButtonProps {
  /** The key that does the same. */
  does?: RoomKey | LineKey
  children: ReactNode
  onPress(): void
  disabled?: boolean
  kind?: 'plain' | 'strong' | 'danger' | 'quiet' | 'on'
  /** Said in place of what stands on it. */
  label?: string
  pressed?: boolean
  large?: boolean
}

/** A button that shows its key. */
export function KeyButton({
  does,
  children,
  onPress,
  disabled,
  kind = 'plain',
  label,
  pressed,
  large,
}: KeyButtonProps) {
  const key = does === undefined ? null : KEYS[does]
  return (
    <button
      type="button"
      className={styles.button}
      data-kind={kind}
      data-large={large || undefined}
      disabled={disabled}
      onClick={onPress}
      {...(key ? { 'aria-keyshortcuts': keyName(key), title: key.does } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      <span>{children}</span>
      {key ? <kbd aria-hidden="true">{keyText(key)}</kbd> : null}
    </button>
  )
}
