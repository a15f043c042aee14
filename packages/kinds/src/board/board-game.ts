import { defineClientKind, type ClientKind } from '../kind.ts'
import type { GameCommands, GameSignals } from './commands.ts'
import { evolve, initial } from './evolve.ts'
import type { GameBodies, GameState } from './model.ts'
import type { BoardRules } from './rules.ts'

/** A game for two on a board: its own rules, and how people keep up with a room of it. */
export type BoardGame = ClientKind<GameCommands, GameSignals, GameBodies, GameState, null> & {
  readonly rules: BoardRules
}

/** Declares a game for two; `boardKind` makes the kind of its rooms. */
export function boardGame(rules: BoardRules): BoardGame {
  const game = defineClientKind<GameCommands, GameSignals, GameBodies, GameState, null>({
    name: rules.name,
    empty: () => initial({ clockMs: rules.clockMs, incrementMs: 0, seating: 'open' }),
    // Nothing in a game is hidden: the view is the state.
    evolveView: evolve,
  })
  return { ...game, rules }
}
