import styles from './polls.module.css'

/** Sizes of the least and the most frequent word, in em. */
const LEAST_EM = 0.95
const MOST_EM = 2.5

/** Words as large as they are frequent. In the order of the alphabet, so that one that grows stays where it is. */
export function WordCloud({ words }: { words: readonly (readonly [word: string, count: number])[] }) {
  const most = Math.max(1, ...words.map(([, count]) => count))
  const sized = words.toSorted(([a], [b]) => a.localeCompare(b))
  if (words.length === 0) return <p className={styles.hint}>No words yet.</p>
  return (
    <ul className={styles.cloud} aria-label="Words">
      {sized.map(([word, count]) => {
        const share = most === 1 ? 0.4 : Math.sqrt((count - 1) / (most - 1))
        return (
          <li
            key={word}
            dir="auto"
            data-large={share > 0.6 || undefined}
            style={{ fontSize: `${LEAST_EM + share * (MOST_EM - LEAST_EM)}em` }}
          >
            {word}
            <span className={styles.hidden}>, {count === 1 ? 'once' : `${count} times`}</span>
          </li>
        )
      })}
    </ul>
  )
}
