/** All games, `@plenary/kinds/games`; a new one is one line here. */
export { tictactoe } from './tictactoe.ts'
export { connectfour } from './connectfour.ts'
