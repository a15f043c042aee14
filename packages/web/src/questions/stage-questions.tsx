import { IconCaretUpFilled } from '@tabler/icons-react'
import styles from './stage-questions.module.css'
import type { Question } from '@plenary/kinds'

interface StageQuestionsProps {
  /** The one that is being answered. */
  live: Question | null
  next: readonly Question[]
  votes(question: Question): number
}

/** Questions as they stand on a stage or a screen in the hall: pure in what it is given. */
export function StageQuestions({ live, next, votes }: StageQuestionsProps) {
  if (live === null && next.length === 0)
    return <p className={styles.nothing}>Ask the first question: it will stand here.</p>
  return (
    <div className={styles.questions}>
      {live === null ? null : (
        <figure className={styles.live}>
          <blockquote dir="auto">{live.text}</blockquote>
          <figcaption>{live.by?.name ?? 'Anonymous'}</figcaption>
        </figure>
      )}
      {next.length === 0 ? null : (
        <ol className={styles.next} aria-label={live === null ? 'Questions' : 'Next questions'}>
          {next.map((question) => (
            <li key={question.seq}>
              <span className={styles.votes}>
                <IconCaretUpFilled size={16} aria-hidden="true" />
                {votes(question)}
                <span className={styles.hidden}> votes</span>
              </span>
              <span dir="auto">{question.text}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
