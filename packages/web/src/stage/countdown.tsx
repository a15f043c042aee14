import { useEffect, useState } from 'react'
import { digitsOf } from './clock-text.ts'
import styles from './scene.module.css'
import type { Millis } from '@plenary/kinds'

/** Often enough that no second is skipped for the eye. */
const TICK_MS = 250

/** The clock that is passed in, read again and again until `until`. */
export function useClockUntil(clock: () => Millis, until: Millis): Millis {
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const tick = () => {
      setNow(clock())
      if (clock() >= until) clearInterval(timer)
    }
    const timer = setInterval(tick, TICK_MS)
    const first = setTimeout(tick)
    return () => {
      clearInterval(timer)
      clearTimeout(first)
    }
  }, [clock, until])
  return now
}

/** What is left until then, in large digits; `over` once nothing is left. */
export function Countdown({ until, clock, over }: { until: Millis; clock(): Millis; over: string }) {
  const left = until - useClockUntil(clock, until)
  return left <= 0 ? (
    <p className={styles.over}>{over}</p>
  ) : (
    // Read when one goes there, and not every second.
    <p className={styles.digits} role="timer" aria-live="off" data-long={left >= 3_600_000 || undefined}>
      {digitsOf(left)}
    </p>
  )
}
