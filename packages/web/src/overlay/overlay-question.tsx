import { IconCaretUpFilled } from '@tabler/icons-react'
import styles from './overlay.module.css'
import type { Question } from '@plenary/kinds'

/** One question, to be read from the last row. */
export function OverlayQuestion({ question, votes }: { question: Question; votes: number }) {
  return (
    <figure key={question.seq} className={styles.question}>
      <blockquote dir="auto">{question.text}</blockquote>
      <figcaption>
        <span dir="auto">{question.by?.name ?? 'Anonymous'}</span>
        {votes === 0 ? null : (
          <span className={styles.votes}>
            <IconCaretUpFilled size="1em" aria-hidden="true" /> {votes}
          </span>
        )}
      </figcaption>
    </figure>
  )
}
