import { Button } from '@mantine/core'
import { useState } from 'react'
import { PollResults } from './poll-results.tsx'
import styles from './polls.module.css'
import type { Form } from '@plenary/kinds'
import type { AnswerFormProps } from './answer-props.ts'

/** Steps from 1 on to tap. */
export function RatingForm({
  poll,
  form: { steps, low, high },
  results,
  mine,
  onAnswer,
}: AnswerFormProps & { form: Extract<Form, { type: 'rating' }> }) {
  const saved = mine !== null && 'rating' in mine ? mine.rating : null
  const [chosen, setChosen] = useState<number | null>(null)
  const fixed = !poll.change && saved !== null
  const rating = chosen ?? saved
  return (
    <div className={styles.answer}>
      <div className={styles.steps} role="radiogroup" aria-labelledby={`poll-${poll.id}`}>
        {Array.from({ length: steps }, (_, index) => index + 1).map((step) => (
          <button
            key={step}
            type="button"
            role="radio"
            aria-checked={rating === step}
            aria-label={`${step} of ${steps}`}
            className={styles.step}
            disabled={fixed}
            onClick={() => (poll.change ? onAnswer({ rating: step }) : setChosen(step))}
          >
            {step}
          </button>
        ))}
      </div>
      {low === undefined && high === undefined ? null : (
        <p className={styles.ends}>
          <span dir="auto">{low}</span>
          <span dir="auto">{high}</span>
        </p>
      )}
      {poll.change || fixed ? null : (
        <>
          <Button
            className={styles.send ?? ''}
            disabled={chosen === null}
            onClick={() => chosen !== null && onAnswer({ rating: chosen })}
          >
            Vote
          </Button>
          <p className={styles.hint}>A vote cannot be changed here.</p>
        </>
      )}
      {saved !== null && results.counts !== undefined ? (
        <PollResults poll={poll} results={results} mine={mine} />
      ) : null}
    </div>
  )
}
