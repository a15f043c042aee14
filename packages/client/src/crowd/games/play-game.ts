import { isDeepStrictEqual } from 'node:util'
import { LIMITS, PlenaryError, boardAfter, sideOf, type BoardGame, type GameState } from '@plenary/kinds'
import { backoffMs } from '../../backoff.ts'
import { createClient } from '../../client.ts'
import type { Room } from '../../room.ts'
import type { Session } from '../../session.ts'
import { memoryStorage } from '../../storage.ts'
import type { Histogram } from '../measure.ts'
import type { GameCheck } from './checks.ts'

/** The longest wait for what the other side has to do first. */
const STEP_MS_MAX = 60_000
const TRIES = 20

export interface Player {
  session: Session
  room: Room<BoardGame>
}

/** What one game came to. */
export interface Played {
  moves: number
  /** How it ended, as the check says; both players and the log say the same, or there are faults. */
  outcome: 'first' | 'second' | 'draw' | 'unfinished'
  /** Moves that are against the rules; they are refused. */
  refused: number
  /** What was not as it should be. */
  faults: string[]
}

/** Two people with a game on its own between them, both at the board. Throws `PlenaryError`. */
export async function sitDown(
  url: string,
  game: BoardGame,
  number: number,
  signal: AbortSignal,
): Promise<[Player, Player]> {
  const [first, second] = [0, 1].map(() => createClient({ url, storage: memoryStorage() }))
  if (first === undefined || second === undefined) throw new Error('There are two.')
  const { event } = await again(signal, () =>
    first.createRoom({
      kind: game.name,
      title: `Game ${number}`,
      name: `First ${number}`,
      settings: { clockMs: null },
    }),
  )
  const sessions: Session[] = []
  try {
    sessions.push(await again(signal, () => first.open(event.id)))
    sessions.push(await again(signal, () => second.join({ code: event.code, name: `Second ${number}` })))
    const players: Player[] = []
    for (const session of sessions) {
      const [info] = session.event.rooms
      if (info === undefined) throw new PlenaryError('not_found', 'The game has no room.')
      const room = session.room(game, info.id)
      players.push({ session, room })
      await until(room, signal, (state) => state !== null)
      await room.send('sit', {})
    }
    const [one, other] = players
    if (one === undefined || other === undefined) throw new Error('There are two.')
    return [one, other]
  } catch (error) {
    for (const session of sessions) session.close()
    throw error
  }
}

/** Plays a round of random moves to its end, with some that are against the rules among them, and holds all that was told against the check. */
export async function playGame(
  players: readonly [Player, Player],
  game: BoardGame,
  check: GameCheck,
  pace: { signal: AbortSignal; random(): number; waitMs(): Promise<void>; acknowledged: Histogram },
): Promise<Played> {
  const { signal, random } = pace
  const played: Played = { moves: 0, outcome: 'unfinished', refused: 0, faults: [] }
  const moves: number[] = []
  const started = await until(players[0].room, signal, (state) => state?.turnAt != null)
  const sides = players.toSorted((a, b) => (sideOf(started, a.session.me) ?? 0) - (sideOf(started, b.session.me) ?? 0))
  while (check(moves) === null && !signal.aborted) {
    const [mover, other] = moves.length % 2 === 0 ? sides : sides.toReversed()
    if (mover === undefined || other === undefined) throw new Error('There are two.')
    await until(mover.room, signal, (state) => state?.moves.length === moves.length)
    await pace.waitMs()
    const turn = { round: 1, turn: moves.length }
    const board = boardAfter(game.rules, moves)
    const free = Array.from({ length: game.rules.choices }, (_, choice) => choice).filter(
      (choice) => game.rules.place(board, choice) !== null,
    )
    const choice = free[Math.floor(random() * free.length)] ?? 0
    if (random() < MISCHIEF) {
      // Out of turn: whatever it is, nothing may come of it.
      const why = await reasonOf(other.room.send('move', { ...turn, choice }))
      if (why === 'not_your_turn' || why === 'turn_over') played.refused++
      else played.faults.push(`a move out of turn: ${why}`)
    }
    const sentAt = performance.now()
    await mover.room.send('move', { ...turn, choice })
    pace.acknowledged.add(performance.now() - sentAt)
    moves.push(choice)
    if (random() < MISCHIEF) {
      const why = await reasonOf(mover.room.send('move', { ...turn, choice }))
      if (why === 'turn_over' || why === 'not_playing') played.refused++
      else played.faults.push(`a move twice: ${why}`)
    }
  }
  played.moves = moves.length
  const outcome = check(moves)
  if (outcome === null) return played
  played.outcome = outcome
  for (const { room } of players) {
    const state = await until(room, signal, (now) => now?.result != null)
    if (!isDeepStrictEqual([...state.moves], moves)) played.faults.push('a player has other moves')
    if (outcomeOf(state) !== outcome) played.faults.push(`a player was told ${outcomeOf(state)} and not ${outcome}`)
  }
  await checkLog(players[0], moves, outcome, played.faults)
  return played
}
/** The share of moves beside which something against the rules is tried. */
const MISCHIEF = 0.2

/** The room's own log has each move once, in order, and the same end. */
async function checkLog({ session, room }: Player, moves: readonly number[], outcome: string, faults: string[]) {
  const { entries } = await session.entries(room.id, { after: 0, limit: LIMITS.historyPage })
  const logged = entries.filter(({ type }) => type === 'move').map(({ body }) => (body as { choice: number }).choice)
  if (!isDeepStrictEqual(logged, [...moves])) faults.push('the log has other moves')
  const ends = entries.filter(({ type }) => type === 'end')
  const winner = (ends[0]?.body as { winner: 0 | 1 | null } | undefined)?.winner
  const said = winner === 0 ? 'first' : winner === 1 ? 'second' : 'draw'
  if (ends.length !== 1 || said !== outcome) faults.push(`the log ends with ${said}, ${ends.length} times`)
}

function outcomeOf({ result }: GameState): Played['outcome'] {
  if (result === null) return 'unfinished'
  if (result.winner === null) return 'draw'
  return result.winner === 0 ? 'first' : 'second'
}

/** Why it was refused; `taken` when it was not. */
async function reasonOf(sent: Promise<unknown>): Promise<string> {
  try {
    await sent
    return 'taken'
  } catch (error) {
    return error instanceof PlenaryError ? (error.reason ?? error.code) : String(error)
  }
}

/** The game once it is like that. Throws `PlenaryError` when it does not become so. */
function until(
  room: Room<BoardGame>,
  signal: AbortSignal,
  good: (state: GameState | null) => boolean,
): Promise<GameState> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      unsubscribe()
      signal.removeEventListener('abort', aborted)
      settle()
    }
    const fail = (why: string) => end(() => reject(new PlenaryError('unavailable', why)))
    const aborted = () => fail('Stopped.')
    const look = () => {
      const { view, failure } = room.snapshot
      if (failure !== undefined) fail(failure.message)
      else if (view !== null && good(view)) end(() => resolve(view))
    }
    const timer = setTimeout(() => fail('The other player’s move did not come.'), STEP_MS_MAX)
    const unsubscribe = room.subscribe(look)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
    else look()
  })
}

/** Again while the server only puts it off. */
async function again<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PlenaryError) || !error.temporary || tries >= TRIES || signal.aborted) throw error
      const ms = backoffMs(tries, Math.random, error.retryAfter)
      await new Promise((resolve) => setTimeout(resolve, ms))
    }
  }
}
