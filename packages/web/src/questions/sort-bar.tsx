import styles from './questions.module.css'
import type { Sort } from './order.ts'

/** Which questions, and in which order. */
export function SortBar({ sort, answered, onSort }: { sort: Sort; answered: number; onSort(sort: Sort): void }) {
  const choice = (value: Sort, label: string) => (
    <button type="button" className={styles.sort} aria-pressed={sort === value} onClick={() => onSort(value)}>
      {label}
    </button>
  )
  return (
    <div className={styles.sorts} role="group" aria-label="Show">
      {choice('top', 'Top')}
      {choice('new', 'Newest')}
      {answered > 0 || sort === 'answered' ? choice('answered', `Answered (${answered})`) : null}
    </div>
  )
}
