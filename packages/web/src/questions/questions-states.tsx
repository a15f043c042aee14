import { Button } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import styles from './questions.module.css'
import type { Failure } from '@plenary/kinds'
import type { Sort } from './order.ts'

export function QuestionsLoading() {
  return (
    <div className={styles.ghosts} aria-busy="true" aria-label="Questions are loading" role="status">
      <i />
      <i />
      <i />
    </div>
  )
}

/** Nothing to list. */
export function QuestionsEmpty({ sort, closed }: { sort: Sort; closed: boolean }) {
  return (
    <div className={styles.state}>
      <span className={styles.sign}>
        <IconMessageQuestion size={36} stroke={1.5} aria-hidden="true" />
      </span>
      <h2>{sort === 'answered' ? 'Nothing answered yet' : closed ? 'Questions are closed' : 'What would you ask?'}</h2>
      <p>
        {sort === 'answered'
          ? 'Answered questions are kept here.'
          : closed
            ? 'The hosts take no more questions for now.'
            : 'Nobody has asked anything yet. Yours can be the first.'}
      </p>
    </div>
  )
}

/** The room does not let this person in. */
export function QuestionsRefused({ failure }: { failure: Failure | undefined }) {
  return (
    <div className={styles.state} role="alert">
      <h2>You cannot see the questions</h2>
      <p>{failure?.message}</p>
      <Button variant="default" onClick={() => location.reload()}>
        Try again
      </Button>
    </div>
  )
}
