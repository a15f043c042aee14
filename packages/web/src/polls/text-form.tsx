import { Button } from '@mantine/core'
import { POLLS_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { PollResults } from './poll-results.tsx'
import styles from './polls.module.css'
import type { AnswerFormProps } from './answer-props.ts'

/** From so few characters left on, they are counted. */
const COUNT_FROM = 60

/** A free answer in one's own words. */
export function TextForm({ poll, results, mine, onAnswer }: AnswerFormProps) {
  const saved = mine !== null && 'text' in mine ? mine.text : null
  const [typed, setTyped] = useState<string | null>(null)
  const writing = typed !== null || saved === null
  const wanted = typed?.trim() ?? ''
  const left = POLLS_LIMITS.textChars - wanted.length
  const send = () => {
    if (wanted === '' || left < 0) return
    onAnswer({ text: wanted })
    setTyped(null)
  }
  return (
    <div className={styles.answer}>
      {writing ? (
        <form
          className={styles.write}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <textarea
            className={styles.field}
            rows={3}
            aria-labelledby={`poll-${poll.id}`}
            placeholder="Your answer"
            value={typed ?? ''}
            onChange={(event) => setTyped(event.currentTarget.value)}
            dir="auto"
          />
          <Button type="submit" disabled={wanted === '' || left < 0}>
            Send
          </Button>
          {left <= COUNT_FROM ? (
            <p className={styles.hint} data-problem={left < 0 || undefined}>
              {left < 0 ? `${-left} characters too many` : `${left} characters left`}
            </p>
          ) : null}
        </form>
      ) : (
        <div className={styles.said}>
          <blockquote className={styles.own} dir="auto">
            {saved}
          </blockquote>
          {poll.change ? (
            <button type="button" className={styles.quiet} onClick={() => setTyped(saved)}>
              Change
            </button>
          ) : null}
        </div>
      )}
      {saved !== null && results.texts !== undefined ? <PollResults poll={poll} results={results} mine={mine} /> : null}
    </div>
  )
}
