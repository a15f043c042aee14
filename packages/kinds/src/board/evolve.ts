import { BOARD_LIMITS, type Both, type GameEntry, type GameResult, type GameSettings, type GameState } from './model.ts'
import { sideAfter, type Side } from './rules.ts'

export function initial(settings: GameSettings): GameState {
  return {
    settings: { ...settings },
    seats: [null, null],
    round: 0,
    moves: [],
    turnAt: null,
    leftMs: null,
    result: null,
    draws: 0,
    rematch: null,
    call: null,
    callAgainAt: 0,
    past: [],
  }
}

/** The game one entry later. Makes a new one and shares what is the same, which nobody changes: so it does for the view as well. */
export function evolve(state: GameState, { type, body, at }: GameEntry): GameState {
  switch (type) {
    case 'sit': {
      const { side, user, name } = body
      return { ...state, seats: withSide(state.seats, side, { user, name, wins: 0 }), rematch: null }
    }
    case 'stand':
      return { ...state, seats: withSide(state.seats, body.side, null), rematch: null }
    case 'begin': {
      const { round, seats, clockMs } = body
      const fresh = { moves: [], result: null, rematch: null, call: null, callAgainAt: 0 }
      return { ...state, ...fresh, round, seats, turnAt: at, leftMs: clockMs === null ? null : [clockMs, clockMs] }
    }
    case 'move': {
      const mover = sideAfter(state.moves.length)
      const leftMs =
        state.leftMs === null || body.leftMs === null ? state.leftMs : withSide(state.leftMs, mover, body.leftMs)
      // Whoever moves is there.
      const call = state.call?.side === mover ? null : state.call
      return { ...state, moves: [...state.moves, body.choice], turnAt: at, leftMs, call }
    }
    case 'excuse': {
      const leftMs = state.leftMs && withSide(state.leftMs, sideAfter(state.moves.length), body.leftMs)
      return { ...state, turnAt: at, leftMs }
    }
    case 'end':
      return over(state, body, at)
    case 'rematch':
      return { ...state, rematch: body.side }
    case 'call':
      return { ...state, call: body }
    case 'here':
      return { ...state, call: null, callAgainAt: body.againAt }
  }
}

function over(state: GameState, result: GameResult, at: number): GameState {
  const { seats, leftMs, moves, turnAt, round, past } = state
  const [first, second] = seats
  const thinking = sideAfter(moves.length)
  const spent = turnAt === null ? 0 : at - turnAt
  return {
    ...state,
    result,
    turnAt: null,
    call: null,
    // Where it stood when the round ended.
    leftMs: leftMs && withSide(leftMs, thinking, Math.max(0, leftMs[thinking] - spent)),
    draws: state.draws + (result.winner === null && result.by === 'full' ? 1 : 0),
    seats: [
      first && { ...first, wins: first.wins + (result.winner === 0 ? 1 : 0) },
      second && { ...second, wins: second.wins + (result.winner === 1 ? 1 : 0) },
    ],
    past: [...past, { round, names: [first?.name ?? '', second?.name ?? ''] as const, moves, result }].slice(
      -BOARD_LIMITS.pastRounds,
    ),
  }
}

function withSide<T>([first, second]: Both<T>, side: Side, value: T): Both<T> {
  return side === 0 ? [value, second] : [first, value]
}
