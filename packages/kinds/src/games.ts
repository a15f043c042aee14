/** All games, `@plenary/kinds/games`; a new one is one line here. The kinds of their rooms are made of these. */
export { tictactoe } from './tictactoe.ts'
export { connectfour } from './connectfour.ts'
