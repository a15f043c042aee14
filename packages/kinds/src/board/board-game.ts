import { defineKind, type Kind } from '../kind.ts'
import { clockEndsAt, unwatched } from './clock.ts'
import { gameCommands, gameSettings, type GameCommands } from './commands.ts'
import { decide } from './decide.ts'
import { evolve, initial } from './evolve.ts'
import { BOARD_LIMITS, type GameBodies, type GameSettings, type GameState } from './model.ts'
import { otherSide, sideAfter, type BoardRules } from './rules.ts'

const signals = {}

/** A game for two on a board: the kind of its rooms, and its own rules. */
export type BoardGame = Kind<GameSettings, GameState, GameCommands, typeof signals, GameBodies, GameState, null> & {
  readonly rules: BoardRules
}

/**
 * The kind of a game for two: two seats and any number who watch, turns, a clock that runs on one's own turn only, resigning, another
 * round with sides swapped, and a way to end the round of somebody who has gone.
 */
export function boardGame(rules: BoardRules): BoardGame {
  const kind = defineKind<GameSettings, GameState, GameCommands, typeof signals, GameBodies, GameState, null>({
    name: rules.name,
    version: 1,
    alone: { matched: true },
    settings: gameSettings(rules),
    commands: gameCommands(rules),
    signals,
    initial,
    decide: (state, command, by, now) => decide(rules, state, command, by, now),
    evolve,
    visibility: () => 'everyone',
    // Nothing in it is ever changed in place.
    view: (state) => state,
    evolveView: evolve,
    deadline: clockEndsAt,
    timeout(state, now) {
      const endsAt = clockEndsAt(state)
      if (endsAt === null || now < endsAt) return []
      if (unwatched(endsAt, now)) return [{ type: 'excuse', body: { leftMs: BOARD_LIMITS.excusedMs } }]
      return [{ type: 'end', body: { winner: otherSide(sideAfter(state.moves.length)), by: 'clock', line: [] } }]
    },
  })
  return { ...kind, rules }
}
