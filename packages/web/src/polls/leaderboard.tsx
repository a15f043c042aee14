import { IconTrophy } from '@tabler/icons-react'
import styles from './polls.module.css'
import type { BoardLine } from '@plenary/kinds'

/** Lines shown on a page; the room keeps more. */
const SHOWN = 10

interface LeaderboardProps {
  lines: readonly BoardLine[]
  /** Mine, to be found again; null where nobody is looking for themselves. */
  me: { id: string; points: number } | null
}

/** Who has the most points, and where I stand. */
export function Leaderboard({ lines, me }: LeaderboardProps) {
  const shown = lines.slice(0, SHOWN)
  const amongThem = me !== null && shown.some(({ user }) => user === me.id)
  return (
    <section className={styles.board} aria-labelledby="board-title">
      <h2 id="board-title" className={styles.boardTitle}>
        <IconTrophy size={22} stroke={1.75} aria-hidden="true" /> Leaderboard
      </h2>
      <ol>
        {shown.map(({ user, name, points }, index) => (
          <li key={user} data-mine={user === me?.id || undefined}>
            <span className={styles.place}>{index + 1}</span>
            <span className={styles.player} dir="auto">
              {name}
              {user === me?.id ? ' (you)' : ''}
            </span>
            <strong>{points.toLocaleString()}</strong>
          </li>
        ))}
      </ol>
      {me === null || amongThem || me.points === 0 ? null : (
        <p className={styles.hint}>You have {me.points.toLocaleString()} points so far.</p>
      )}
    </section>
  )
}
