import { useState } from 'react'
import styles from './questions.module.css'

/** Takes one's own question back, asked twice: it does not come back. */
export function TakeBack({ onTakeBack }: { onTakeBack(): void }) {
  const [asked, setAsked] = useState(false)
  return asked ? (
    <p className={styles.actions} role="group" aria-label="Take this question back?">
      <span>Take it back for good?</span>
      <button type="button" className={styles.action} data-danger onClick={onTakeBack}>
        Take it back
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the keyboard has just given way to this one */}
      <button type="button" className={styles.action} autoFocus onClick={() => setAsked(false)}>
        Keep it
      </button>
    </p>
  ) : (
    <p className={styles.actions}>
      <button type="button" className={styles.action} onClick={() => setAsked(true)}>
        Take back
      </button>
    </p>
  )
}
