import { defineKind, type Kind } from '../kind.ts'
import type { BoardGame } from './board-game.ts'
import { clockEndsAt, unwatched } from './clock.ts'
import { gameCommands, gameSettings, gameSignals, type GameCommands, type GameSignals } from './commands.ts'
import { decide } from './decide.ts'
import { evolve, initial } from './evolve.ts'
import { BOARD_LIMITS, type GameBodies, type GameSettings, type GameState } from './model.ts'
import { otherSide, sideAfter } from './rules.ts'

/** The kind of a board game's rooms. */
export type BoardKind = Kind<GameSettings, GameState, GameCommands, GameSignals, GameBodies, GameState, null>

/**
 * The kind of a game for two: two seats and any number who watch, turns, a clock that runs on one's own turn only, resigning, another
 * round with sides swapped, and a way to end the round of somebody who has gone.
 */
export function boardKind({ rules, ...client }: BoardGame): BoardKind {
  return defineKind<GameSettings, GameState, GameCommands, GameSignals, GameBodies, GameState, null>({
    ...client,
    version: 1,
    alone: { matched: true },
    settings: gameSettings(rules),
    commands: gameCommands(rules),
    signals: gameSignals,
    initial,
    decide: (state, command, by, now) => decide(rules, state, command, by, now),
    evolve,
    visibility: () => 'everyone',
    // Nothing in it is ever changed in place.
    view: (state) => state,
    deadline: clockEndsAt,
    timeout(state, now) {
      const endsAt = clockEndsAt(state)
      if (endsAt === null || now < endsAt) return []
      if (unwatched(endsAt, now)) return [{ type: 'excuse', body: { leftMs: BOARD_LIMITS.excusedMs } }]
      return [{ type: 'end', body: { winner: otherSide(sideAfter(state.moves.length)), by: 'clock', line: [] } }]
    },
  })
}
