import { useEffect, useState } from 'react'
import styles from './burst.module.css'

/** The most that fly at once; more of a crowd is not to be told apart. */
const FLYING_MAX = 36
/** How long one flies, in milliseconds. */
const FLIGHT_MS = 2_600
/** Of one told lot at most so many fly: a hundred hearts look like twenty. */
const LOT_MAX = 14

/** What was sent, and how often, since it was last told. */
export type Reactions = Readonly<Record<string, number>>
export type OnReactions = (listener: (reactions: Reactions) => void) => () => void

interface Flyer {
  id: number
  what: string
  /** From the left, in percent. */
  x: number
  /** To the side on the way, in pixels. */
  drift: number
  delayMs: number
  until: number
}

let made = 0

function flyersOf(reactions: Reactions, now: number): Flyer[] {
  return Object.entries(reactions).flatMap(([what, count]) =>
    Array.from({ length: Math.min(LOT_MAX, Math.ceil(count ** 0.7)) }, (): Flyer => {
      const delayMs = Math.random() * 400
      return {
        id: made++,
        what,
        x: 6 + Math.random() * 88,
        drift: (Math.random() - 0.5) * 90,
        delayMs,
        until: now + FLIGHT_MS + delayMs,
      }
    }),
  )
}

/** Reactions rising over the stage. Decoration: nobody needs them, so no reader is told, and without motion they stand still for a moment. */
export function Burst({ onReactions }: { onReactions: OnReactions }) {
  const [flying, setFlying] = useState<readonly Flyer[]>([])
  useEffect(
    () =>
      onReactions((reactions) => {
        if (document.hidden) return
        const now = Date.now()
        setFlying((before) =>
          [...before.filter(({ until }) => until > now), ...flyersOf(reactions, now)].slice(-FLYING_MAX),
        )
      }),
    [onReactions],
  )
  useEffect(() => {
    if (flying.length === 0) return
    const last = Math.max(...flying.map(({ until }) => until))
    const timer = setTimeout(() => setFlying([]), Math.max(0, last - Date.now()))
    return () => clearTimeout(timer)
  }, [flying])
  return (
    <div className={styles.burst} aria-hidden="true">
      {flying.map(({ id, what, x, drift, delayMs }) => (
        <span
          key={id}
          style={{ left: `${x}%`, animationDelay: `${delayMs}ms`, '--drift': `${drift}px` } as React.CSSProperties}
        >
          {what}
        </span>
      ))}
    </div>
  )
}
