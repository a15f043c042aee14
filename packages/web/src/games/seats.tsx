import { sideAfter, timeOf, type GameState, type Side } from '@plenary/kinds'
import { useEffect, useState } from 'react'
import { countdownText } from '../chat/times.ts'
import styles from './seats.module.css'
import type { Session } from '@plenary/client'
import type { Game } from './look.ts'

/** Often enough for seconds. */
const TICK_MS = 200
/** From here on a clock is short. */
const SHORT_MS = 10_000

interface SeatsProps {
  session: Session
  game: Game
  state: GameState
  mine: Side | null
}

/** Who plays, whose turn it is, and what each clock says. */
export function Seats({ session, game, state, mine }: SeatsProps) {
  return (
    <ul className={styles.seats} aria-label="Players">
      {([0, 1] as const).map((side) => (
        <SeatCard key={side} side={side} session={session} game={game} state={state} mine={mine} />
      ))}
    </ul>
  )
}

function SeatCard({ side, session, game, state, mine }: SeatsProps & { side: Side }) {
  const seat = state.seats[side]
  const turn = state.turnAt !== null && sideAfter(state.moves.length) === side
  const { look } = game
  return (
    <li className={styles.seat} data-turn={turn || undefined} data-side={side}>
      <span className={styles.piece} role="img" aria-label={look.pieces[side]}>
        <look.Piece side={side} />
      </span>
      <span className={styles.name} dir="auto">
        {seat === null ? <em>Free seat</em> : seat.name}
        {side === mine ? <small> you</small> : null}
      </span>
      <span className={styles.wins} title="Rounds won">
        {seat === null ? '' : seat.wins}
        <span className={styles.hidden}>{seat === null ? '' : seat.wins === 1 ? ' round won' : ' rounds won'}</span>
      </span>
      <PlayerClock session={session} state={state} side={side} runs={turn} />
      {turn ? <span className={styles.hidden}>, to move</span> : null}
    </li>
  )
}

function PlayerClock({
  session,
  state,
  side,
  runs,
}: {
  session: Session
  state: GameState
  side: Side
  runs: boolean
}) {
  const [now, setNow] = useState(() => session.now())
  useEffect(() => {
    const tick = () => setNow(session.now())
    const first = setTimeout(tick)
    if (!runs) return () => clearTimeout(first)
    const timer = setInterval(tick, TICK_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [session, runs, state])
  const left = timeOf(state, side, now)
  if (left === null) return null
  return (
    <time className={styles.clock} role="timer" aria-live="off" data-short={(runs && left < SHORT_MS) || undefined}>
      {countdownText(left)}
    </time>
  )
}
