import { digitsOf } from '../stage/clock-text.ts'
import { useClockUntil } from '../stage/countdown.tsx'
import styles from './overlay.module.css'
import type { Millis, Poll, Results } from '@plenary/kinds'

interface OverlayPollProps {
  poll: Poll
  results: Results
  clock(): Millis
}

/** A poll and its results in large; nothing to tap. */
export function OverlayPoll({ poll, results, clock }: OverlayPollProps) {
  const { title, status, closesAt } = poll
  return (
    <section className={styles.poll} aria-label="Poll">
      <h2 dir="auto">{title}</h2>
      <Answers poll={poll} results={results} />
      <p className={styles.foot}>
        <span>{results.votes === 1 ? '1 vote' : `${results.votes} votes`}</span>
        {status === 'open' && closesAt !== null ? <TimeLeft until={closesAt} clock={clock} /> : null}
        {status === 'closed' ? <span>Closed</span> : null}
      </p>
    </section>
  )
}

function TimeLeft({ until, clock }: { until: Millis; clock(): Millis }) {
  return <span role="timer">{digitsOf(until - useClockUntil(clock, until))}</span>
}

function Answers({ poll: { form, right, revealed }, results }: Pick<OverlayPollProps, 'poll' | 'results'>) {
  const { counts, votes, words, texts } = results
  switch (form.type) {
    case 'choice':
      return (
        <ol className={styles.bars}>
          {form.options.map((option, index) => {
            const count = counts?.[index]
            const share = count === undefined || votes === 0 ? 0 : count / votes
            return (
              <li key={option} data-right={revealed && right?.includes(index) ? true : undefined}>
                <i style={{ scale: `${share} 1` }} />
                <span dir="auto">{option}</span>
                {count === undefined ? null : <strong>{Math.round(share * 100)}&thinsp;%</strong>}
              </li>
            )
          })}
        </ol>
      )
    case 'rating': {
      if (counts === undefined) return null
      const all = counts.reduce((sum, count) => sum + count, 0)
      const average = all === 0 ? null : counts.reduce((sum, count, index) => sum + count * (index + 1), 0) / all
      return (
        <p className={styles.average}>
          <strong>{average === null ? '–' : average.toFixed(1)}</strong> of {form.steps}
        </p>
      )
    }
    case 'words': {
      const most = Math.max(1, ...(words ?? []).map(([, count]) => count))
      return (
        <ul className={styles.cloud}>
          {(words ?? [])
            .toSorted(([a], [b]) => a.localeCompare(b))
            .map(([word, count]) => (
              <li
                key={word}
                dir="auto"
                style={{ fontSize: `${1 + 2 * Math.sqrt((count - 1) / Math.max(1, most - 1))}em` }}
              >
                {word}
              </li>
            ))}
        </ul>
      )
    }
    case 'text':
      return (
        <ul className={styles.texts}>
          {(texts ?? [])
            .slice(-4)
            .toReversed()
            .map(({ text, by }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the same words can come twice, from people who are not named
              <li key={`${index} ${text}`} dir="auto">
                {text}
                {by === undefined ? null : <small>{by.name}</small>}
              </li>
            ))}
        </ul>
      )
  }
}
