/** Who moves first in a round is side 0. */
export type Side = 0 | 1

/** Every field, row by row from the top left, with the side whose piece lies there. */
export type Board = readonly (Side | null)[]

/** What one game on a board is, beside what all have in common: seats, turns, clock, resigning, rematch. */
export interface BoardRules {
  /** The kind's name. */
  name: string
  columns: number
  rows: number
  /** Each player's time for a whole round, where the room's settings say nothing. */
  clockMs: number
  /** A move names one of so many, from 0: fields, or columns to drop a piece into. */
  choices: number
  /** The field on which a piece comes to lie; null where none can. */
  place(board: Board, choice: number): number | null
  /** The fields with which the piece that came to lie on `field` has won; null when it has not. */
  won(board: Board, field: number): readonly number[] | null
}

export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0
}

/** Whose turn it is after so many moves. */
export function sideAfter(moves: number): Side {
  return moves % 2 === 0 ? 0 : 1
}

/** The board after these moves, each of which was legal. */
export function boardAfter(rules: BoardRules, moves: readonly number[]): Board {
  const board: (Side | null)[] = Array.from({ length: rules.columns * rules.rows }, () => null)
  for (const [turn, choice] of moves.entries()) {
    const field = rules.place(board, choice)
    if (field !== null) board[field] = sideAfter(turn)
  }
  return board
}

/** The field that a move brought a piece to; null before the first. */
export function lastField(rules: BoardRules, moves: readonly number[]): number | null {
  const last = moves.at(-1)
  return last === undefined ? null : rules.place(boardAfter(rules, moves.slice(0, -1)), last)
}
