import { KeyButton } from '../key-button.tsx'
import styles from './polls.module.css'
import type { Poll, Results } from '@plenary/kinds'

interface ResultsProps {
  poll: Poll
  results: Results
  /** Takes what somebody wrote out of sight, or puts it back; for those who may. */
  hide?(text: string, on: boolean): void
}

/** How it stands, in bars, words or texts. */
export function PollResults({ poll: { title, form, right, hidden }, results, hide }: ResultsProps) {
  const { counts, words, texts, votes, names } = results
  const labels =
    form.type === 'choice'
      ? form.options
      : form.type === 'rating'
        ? Array.from({ length: form.steps }, (_, step) => String(step + 1))
        : []
  const most = Math.max(1, ...(counts ?? []))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className={styles.results} tabIndex={0} role="group" aria-label={`Results of “${title}”`}>
      {counts === undefined && (form.type === 'choice' || form.type === 'rating') && votes > 0 ? (
        <p>What was voted is shown once the poll is closed.</p>
      ) : null}
      {counts !== undefined ? (
        <ul className={styles.bars}>
          {labels.map((label, index) => {
            const count = counts[index] ?? 0
            return (
              <li key={label} title={names?.[index]?.join(', ')} data-right={right?.includes(index) || undefined}>
                <span className={styles.bar} style={{ width: `${(count / most) * 100}%` }} />
                <span className={styles.label}>{label}</span>
                <span className={styles.count}>
                  {count}
                  {votes > 0 ? ` · ${Math.round((count / votes) * 100)} %` : ''}
                </span>
              </li>
            )
          })}
        </ul>
      ) : null}
      {words !== undefined && words.length > 0 ? (
        <ul className={styles.said}>
          {words.map(([word, count]) => (
            <li key={word}>
              <span>{word}</span> <span className={styles.count}>{count}</span>
              {hide ? (
                <KeyButton kind="quiet" label={`Hide ${word}`} onPress={() => hide(word, true)}>
                  Hide
                </KeyButton>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {texts !== undefined && texts.length > 0 ? (
        <ul className={styles.said}>
          {texts.map(({ text, by }) => (
            <li key={`${by?.id ?? ''} ${text}`}>
              <span dir="auto">
                {by === undefined ? null : <strong>{by.name}: </strong>}
                {text}
              </span>
              {hide ? (
                <KeyButton kind="quiet" label={`Hide ${text}`} onPress={() => hide(text, true)}>
                  Hide
                </KeyButton>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {hide && hidden !== undefined && hidden.length > 0 ? (
        <ul className={styles.said} aria-label="Hidden">
          {hidden.map((text) => (
            <li key={text}>
              <s>{text}</s>
              <KeyButton kind="quiet" label={`Show ${text} again`} onPress={() => hide(text, false)}>
                Show again
              </KeyButton>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
