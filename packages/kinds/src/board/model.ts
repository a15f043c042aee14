import type { EntryOf } from '../kind.ts'
import type { Millis, UserId } from '../ids.ts'
import type { Side } from './rules.ts'

export const BOARD_LIMITS = {
  clockMsMin: 10_000,
  clockMsMax: 60 * 60_000,
  incrementMsMax: 60_000,
  /** Whoever is asked whether they are still there has so long to say so; then the round may be claimed. */
  callMs: 30_000,
  /** After an answer nobody asks again for so long. */
  callAgainMs: 30_000,
  /** A clock that is found to have run out so long ago ran out while nobody looked after the room: */
  unwatchedMs: 1_500,
  /** then whoever's turn it is gets so long again. */
  excusedMs: 10_000,
  /** Rounds kept for looking back; older ones stay in the log. */
  pastRounds: 20,
} as const

export interface GameSettings {
  /** Each player's time for a whole round; null for no clock. */
  clockMs: number | null
  /** Added after each move. */
  incrementMs: number
  /** Whether anyone may sit down, or only whom the hosts seat. */
  seating: 'open' | 'hosts'
}

export interface Seat {
  user: UserId
  name: string
  /** Rounds won since they sat down. */
  wins: number
}
export type Both<T> = readonly [T, T]

export interface GameResult {
  /** Null for a draw, and for a round that the hosts stopped. */
  winner: Side | null
  by: 'line' | 'full' | 'resigned' | 'clock' | 'absent' | 'stopped'
  /** The fields that won it; empty without such. */
  line: readonly number[]
}

/** A round that is over, to be looked at move by move. */
export interface PastRound {
  round: number
  names: Both<string>
  moves: readonly number[]
  result: GameResult
}

/** A room's game. There is nothing in it that not everyone may see: the view is the state. */
export interface GameState {
  settings: GameSettings
  /** By side; sides are swapped from round to round. */
  seats: Both<Seat | null>
  /** 0 before the first. */
  round: number
  /** Choices, side 0 first. */
  moves: readonly number[]
  /** Since when the one whose turn it is has been thinking; null while no round is on. */
  turnAt: Millis | null
  /** What each clock had left at `turnAt`; null without a clock. */
  leftMs: Both<number> | null
  /** How the round ended; null while one is on and before the first. */
  result: GameResult | null
  draws: number
  /** Who wants another round. */
  rematch: Side | null
  /** Who was asked whether they are there, and until when an answer is waited for. */
  call: { side: Side; until: Millis } | null
  /** Before it nobody is asked again. */
  callAgainAt: Millis
  past: readonly PastRound[]
}

/** Entry bodies by type. */
// A type and not an interface: only then does it fit where any bodies do.
export type GameBodies = {
  sit: { side: Side; user: UserId; name: string }
  stand: { side: Side }
  begin: { round: number; seats: Both<Seat>; clockMs: number | null }
  /** `leftMs`: on the clock of whoever moved, after it. */
  move: { choice: number; leftMs: number | null }
  end: GameResult
  rematch: { side: Side }
  call: { side: Side; until: Millis }
  here: { side: Side; againAt: Millis }
  /** The clock ran out unwatched: it has so much left again. */
  excuse: { leftMs: number }
}
export type GameEntry = EntryOf<GameBodies>
