import type { Board, BoardRules } from './rules.ts'

/** Across, down, and both diagonals. */
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const

/** `won` of a game in which so many pieces in a row win: all of the row, which may be longer. */
export function inARow(columns: number, rows: number, length: number): BoardRules['won'] {
  const at = (board: Board, column: number, row: number) =>
    column >= 0 && column < columns && row >= 0 && row < rows ? (board[row * columns + column] ?? null) : null

  return (board, field) => {
    const column = field % columns
    const row = Math.floor(field / columns)
    const side = at(board, column, row)
    if (side === null) return null
    for (const [right, down] of DIRECTIONS) {
      const line: number[] = []
      let from = 0
      while (at(board, column + (from - 1) * right, row + (from - 1) * down) === side) from -= 1
      for (let step = from; at(board, column + step * right, row + step * down) === side; step++)
        line.push((row + step * down) * columns + column + step * right)
      if (line.length >= length) return line
    }
    return null
  }
}
