import { OptionBar } from './option-bar.tsx'
import { WordCloud } from './word-cloud.tsx'
import styles from './polls.module.css'
import type { Answer, Poll, Results } from '@plenary/kinds'

interface PollResultsProps {
  poll: Poll
  results: Results
  /** What I answered, to find it again. */
  mine: Answer | null
}

/** What all have answered, as far as one may see it. */
export function PollResults({ poll, results, mine }: PollResultsProps) {
  const { form, right } = poll
  const { votes, counts, words, texts } = results
  switch (form.type) {
    case 'choice': {
      const picks = mine !== null && 'picks' in mine ? mine.picks : []
      return (
        <div className={styles.options}>
          {form.options.map((option, index) => (
            <OptionBar
              key={option}
              label={option}
              picked={picks.includes(index)}
              several={form.max > 1}
              count={counts?.[index]}
              votes={votes}
              names={results.names?.[index]}
              right={right === undefined || !poll.revealed ? undefined : right.includes(index)}
            />
          ))}
          {counts === undefined ? <Withheld /> : null}
        </div>
      )
    }
    case 'rating':
      return counts === undefined ? <Withheld /> : <Scale counts={counts} mine={mine} low={form.low} high={form.high} />
    case 'words':
      return words === undefined ? <Withheld /> : <WordCloud words={words} />
    case 'text':
      return texts === undefined ? (
        <Withheld />
      ) : (
        <ul className={styles.texts} aria-label="Answers">
          {texts.toReversed().map(({ text, by }, index) => (
            // The same words can come twice, from people who are not named.
            <li key={`${texts.length - index} ${text}`} dir="auto">
              {text}
              {by === undefined ? null : <small>{by.name}</small>}
            </li>
          ))}
        </ul>
      )
  }
}

function Withheld() {
  return <p className={styles.hint}>The results are shown once the hosts reveal them.</p>
}

interface ScaleProps {
  counts: readonly number[]
  mine: Answer | null
  low: string | undefined
  high: string | undefined
}

/** How many gave each step, and the average in large. */
function Scale({ counts, mine, low, high }: ScaleProps) {
  const votes = counts.reduce((sum, count) => sum + count, 0)
  const average = votes === 0 ? null : counts.reduce((sum, count, index) => sum + count * (index + 1), 0) / votes
  const most = Math.max(1, ...counts)
  const own = mine !== null && 'rating' in mine ? mine.rating : null
  return (
    <div className={styles.scale}>
      <p className={styles.average}>
        <strong>{average === null ? '–' : average.toFixed(1)}</strong>
        <span>of {counts.length}</span>
      </p>
      <ol className={styles.columns} aria-label="Votes for each step">
        {counts.map((count, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the step is what it is
          <li key={index} data-mine={own === index + 1 || undefined}>
            <span className={styles.columnCount}>{count}</span>
            <span className={styles.column}>
              <i style={{ scale: `1 ${count / most}` }} />
            </span>
            <span className={styles.columnName}>{index + 1}</span>
          </li>
        ))}
      </ol>
      {low === undefined && high === undefined ? null : (
        <p className={styles.ends}>
          <span dir="auto">{low}</span>
          <span dir="auto">{high}</span>
        </p>
      )}
    </div>
  )
}
