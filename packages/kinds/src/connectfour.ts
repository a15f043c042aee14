import { boardGame } from './board/board-game.ts'
import { inARow } from './board/in-a-row.ts'
import type { Board } from './board/rules.ts'

const COLUMNS = 7
const ROWS = 6

/** Four in a row, with pieces that fall to the lowest free field of a column. */
export const connectfour = boardGame({
  name: 'connectfour',
  columns: COLUMNS,
  rows: ROWS,
  clockMs: 3 * 60_000,
  choices: COLUMNS,
  place: lowestFree,
  won: inARow(COLUMNS, ROWS, 4),
})

function lowestFree(board: Board, column: number): number | null {
  for (let field = (ROWS - 1) * COLUMNS + column; field >= 0; field -= COLUMNS) {
    if (board[field] === null) return field
  }
  return null
}
