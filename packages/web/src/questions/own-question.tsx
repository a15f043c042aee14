import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconDeviceMobile, IconHourglass } from '@tabler/icons-react'
import { QUESTIONS_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { MessageText } from '../chat/message-text.tsx'
import { TakeBack } from './take-back.tsx'
import styles from './questions.module.css'
import type { OwnHeldQuestion } from '@plenary/kinds'
import type { Overlay, PendingAsk } from './questions-room.ts'

interface OwnPendingProps {
  ask: PendingAsk
  onRetry(): void
  onDiscard(): void
}

/** A question of mine on its way, and honestly how far it has come. */
export function OwnPending({ ask: { state, text, anonymous, reason }, onRetry, onDiscard }: OwnPendingProps) {
  return (
    <article className={styles.card} data-state={state} aria-label="Your question">
      <div className={styles.body}>
        <div className={styles.text}>
          <MessageText text={text} />
        </div>
        <p className={styles.meta}>
          <span className={styles.name}>You</span>
          {anonymous ? <span>without your name</span> : null}
        </p>
        {state === 'kept' ? (
          <p className={styles.kept}>
            <IconDeviceMobile size={14} aria-hidden="true" /> Kept on this device
          </p>
        ) : null}
        {state === 'sending' ? (
          <p className={styles.kept}>
            <IconClock size={14} aria-hidden="true" /> Sending…
          </p>
        ) : null}
        {state === 'refused' ? (
          <div className={styles.refused} role="alert">
            <p>
              <IconAlertTriangle size={16} aria-hidden="true" /> {reason ?? 'Refused.'}
            </p>
            <Button variant="subtle" size="sm" onClick={onRetry}>
              Retry
            </Button>
            <Button variant="subtle" size="sm" color="danger" onClick={onDiscard}>
              Discard
            </Button>
          </div>
        ) : null}
      </div>
    </article>
  )
}

interface OwnHeldProps {
  question: OwnHeldQuestion
  overlay: Overlay | undefined
  onEdit(seq: number, text: string): void
  onTakeBack(seq: number): void
}

/** A question of mine that the hosts have not let through yet: its words can still be changed. */
export function OwnHeld({ question: { seq, text: saved, anonymous }, overlay, onEdit, onTakeBack }: OwnHeldProps) {
  const [edited, setEdited] = useState<string | null>(null)
  const text = overlay?.text ?? saved
  const wanted = edited?.trim() ?? ''
  const save = () => {
    if (wanted !== text) onEdit(seq, wanted)
    setEdited(null)
  }
  return (
    <article className={styles.card} data-state="held" aria-label="Your question, waiting for approval">
      <div className={styles.body}>
        <p className={styles.mark} data-held>
          <IconHourglass size={16} stroke={2} aria-hidden="true" /> Waiting for the hosts to approve it
        </p>
        {edited === null ? (
          <>
            <div className={styles.text}>
              <MessageText text={text} />
            </div>
            <p className={styles.meta}>
              <span className={styles.name}>You</span>
              {anonymous === undefined ? null : <span>without your name</span>}
              {overlay?.kept === true ? <span>Your change is kept on this device.</span> : null}
            </p>
            <div className={styles.actionRow}>
              <button type="button" className={styles.action} onClick={() => setEdited(text)}>
                Edit
              </button>
              <TakeBack onTakeBack={() => onTakeBack(seq)} />
            </div>
          </>
        ) : (
          <form
            className={styles.edit}
            onSubmit={(event) => {
              event.preventDefault()
              save()
            }}
          >
            <textarea
              className={styles.editText}
              aria-label="Your question"
              value={edited}
              maxLength={QUESTIONS_LIMITS.textChars}
              rows={3}
              onChange={(event) => setEdited(event.currentTarget.value)}
              dir="auto"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- whoever asked to edit is about to type
              autoFocus
            />
            <div className={styles.actionRow}>
              <Button size="sm" type="submit" disabled={wanted === ''}>
                Save
              </Button>
              <Button size="sm" variant="subtle" onClick={() => setEdited(null)}>
                Cancel
              </Button>
            </div>
          </form>
        )}
      </div>
    </article>
  )
}
