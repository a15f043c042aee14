import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconDeviceMobile, IconHourglass } from '@tabler/icons-react'
import { memo } from 'react'
import { MessageText } from './message-text.tsx'
import { clockText } from './times.ts'
import styles from './message.module.css'
import type { HeldMessage, PendingPost } from './chat-room.ts'

interface PendingRowProps {
  pending: PendingPost
  first: boolean
  onRetry(id: string): void
  onDiscard(id: string): void
}

/** A message of mine on its way, and honestly how far it has come. */
export const PendingRow = memo(function PendingRow({ pending, first, onRetry, onDiscard }: PendingRowProps) {
  const { id, state, text, reason } = pending
  return (
    <article
      className={styles.message}
      tabIndex={-1}
      aria-label={`You, ${clockText(pending.at)}`}
      data-own
      data-state={state}
      data-first={first || undefined}
    >
      <div className={styles.column}>
        <div className={styles.bubble}>
          <MessageText text={text} />
        </div>
        <footer className={styles.actionsRow}>
          {state === 'kept' ? (
            <span className={styles.state}>
              <IconDeviceMobile size={14} aria-hidden="true" /> Kept on this device
            </span>
          ) : null}
          {state === 'sending' ? (
            <span className={styles.state}>
              <IconClock size={14} aria-hidden="true" /> Sending…
            </span>
          ) : null}
          {state === 'refused' ? (
            <>
              <span className={`${styles.state} ${styles.refusal}`}>
                <IconAlertTriangle size={14} aria-hidden="true" /> {reason ?? 'Refused.'}
              </span>
              <Button variant="subtle" size="xs" onClick={() => onRetry(id)}>
                Retry
              </Button>
              <Button variant="subtle" size="xs" color="danger" onClick={() => onDiscard(id)}>
                Discard
              </Button>
            </>
          ) : null}
        </footer>
      </div>
    </article>
  )
})

/** A message of mine that the hosts have not let through yet. */
export const HeldRow = memo(function HeldRow({ held, first }: { held: HeldMessage; first: boolean }) {
  return (
    <article
      className={styles.message}
      tabIndex={-1}
      aria-label={`You, ${clockText(held.at)}, waiting for approval`}
      data-own
      data-state="held"
      data-first={first || undefined}
    >
      <div className={styles.column}>
        <div className={styles.bubble}>
          <MessageText text={held.text} />
        </div>
        <footer className={styles.actionsRow}>
          <span className={styles.held}>
            <IconHourglass size={14} aria-hidden="true" /> Saved. Waiting for the hosts to approve it
          </span>
        </footer>
      </div>
    </article>
  )
})
