import { useClockUntil } from '../stage/countdown.tsx'
import { digitsOf } from '../stage/clock-text.ts'
import styles from './polls.module.css'
import type { Millis } from '@plenary/kinds'

/** From so little left on, in milliseconds, it looks urgent. */
const URGENT_MS = 10_000

/** How long a poll is open still: digits, and a bar that runs out. */
export function PollClock({ closesAt, totalMs, clock }: { closesAt: Millis; totalMs: Millis; clock(): Millis }) {
  const left = Math.max(0, closesAt - useClockUntil(clock, closesAt))
  return (
    <div className={styles.clock} role="timer" aria-live="off" data-urgent={left <= URGENT_MS || undefined}>
      <span className={styles.clockBar}>
        <i style={{ scale: `${Math.min(1, left / totalMs)} 1` }} />
      </span>
      <span className={styles.clockDigits}>{digitsOf(left)}</span>
    </div>
  )
}
