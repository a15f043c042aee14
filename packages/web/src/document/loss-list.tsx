import styles from './share/share.module.css'
import type { Loss } from './convert/losses.ts'

/** What an import could not carry over, and how often. */
export function LossList({ losses }: { losses: readonly Loss[] }) {
  if (losses.length === 0) return <p>Everything in this file can be carried over.</p>
  return (
    <ul className={styles.losses} aria-label="What could not be carried over">
      {losses.map(({ code, text, count }) => (
        <li key={code}>
          {text}
          <span>{count === 1 ? 'once' : `${count} times`}</span>
        </li>
      ))}
    </ul>
  )
}
