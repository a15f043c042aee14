import { Button } from '@mantine/core'
import { POLLS_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { PollResults } from './poll-results.tsx'
import styles from './polls.module.css'
import type { Form } from '@plenary/kinds'
import type { AnswerFormProps } from './answer-props.ts'

/** A few words, with commas between them. */
export function WordsForm({
  poll,
  form: { max },
  results,
  mine,
  onAnswer,
}: AnswerFormProps & { form: Extract<Form, { type: 'words' }> }) {
  const saved = mine !== null && 'words' in mine ? mine.words : null
  const [typed, setTyped] = useState<string | null>(null)
  const writing = typed !== null || saved === null
  const words = (typed ?? '')
    .split(/[,;\n]/u)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const tooLong = words.find((word) => word.length > POLLS_LIMITS.wordChars)
  const problem =
    words.length > max
      ? `${max === 1 ? 'One word is' : `${max} words are`} enough.`
      : tooLong === undefined
        ? null
        : `“${tooLong.slice(0, 12)}…” is too long.`
  const send = () => {
    if (words.length === 0 || problem !== null) return
    onAnswer({ words })
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
          <input
            className={styles.field}
            aria-labelledby={`poll-${poll.id}`}
            aria-describedby={`poll-${poll.id}-hint`}
            aria-invalid={problem !== null || undefined}
            placeholder={max === 1 ? 'One word' : 'Words'}
            value={typed ?? ''}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            enterKeyHint="send"
            dir="auto"
          />
          <Button type="submit" disabled={words.length === 0 || problem !== null}>
            Send
          </Button>
          <p id={`poll-${poll.id}-hint`} className={styles.hint} data-problem={problem !== null || undefined}>
            {problem ?? (max === 1 ? 'A word or a short phrase.' : `Up to ${max}, with commas between them.`)}
          </p>
        </form>
      ) : (
        <div className={styles.said}>
          <ul className={styles.chips} aria-label="Your words">
            {saved.map((word) => (
              <li key={word} dir="auto">
                {word}
              </li>
            ))}
          </ul>
          {poll.change ? (
            <button type="button" className={styles.quiet} onClick={() => setTyped(saved.join(', '))}>
              Change
            </button>
          ) : null}
        </div>
      )}
      {saved !== null && results.words !== undefined ? <PollResults poll={poll} results={results} mine={mine} /> : null}
    </div>
  )
}
