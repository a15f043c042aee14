import { boardGame } from './board/board-game.ts'
import { inARow } from './board/in-a-row.ts'

/** Three in a row on nine fields. */
export const tictactoe = boardGame({
  name: 'tictactoe',
  columns: 3,
  rows: 3,
  clockMs: 60_000,
  choices: 9,
  place: (board, field) => (board[field] === null ? field : null),
  won: inARow(3, 3, 3),
})
