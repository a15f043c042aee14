import type { Millis } from '../ids.ts'
import { BOARD_LIMITS, type GameState } from './model.ts'
import { sideAfter, type Side } from './rules.ts'

/** What a player's clock shows at that moment, never below zero; null without a clock. It runs on one's own turn only. */
export function timeOf({ leftMs, turnAt, moves }: GameState, side: Side, now: Millis): number | null {
  if (leftMs === null) return null
  const runs = turnAt !== null && sideAfter(moves.length) === side
  return Math.max(0, leftMs[side] - (runs ? Math.max(0, now - turnAt) : 0))
}

/** When the clock of whoever's turn it is runs out; null while none runs. */
export function clockEndsAt({ leftMs, turnAt, moves }: GameState): Millis | null {
  return leftMs === null || turnAt === null ? null : turnAt + leftMs[sideAfter(moves.length)]
}

/**
 * What the mover has left after moving now; null when the time is up. A clock is looked after by the room's owner, who ends the
 * round when it runs out. One that ran out a while ago shows that there was no owner: nobody loses by that.
 */
export function leftAfter(state: GameState, side: Side, now: Millis): number | 'no clock' | null {
  const endsAt = clockEndsAt(state)
  if (state.leftMs === null || endsAt === null) return 'no clock'
  if (now < endsAt) return (timeOf(state, side, now) ?? 0) + state.settings.incrementMs
  return unwatched(endsAt, now) ? BOARD_LIMITS.excusedMs : null
}

/** Whether it ran out while nobody was there to say so. */
export function unwatched(endsAt: Millis, now: Millis): boolean {
  return now - endsAt > BOARD_LIMITS.unwatchedMs
}
