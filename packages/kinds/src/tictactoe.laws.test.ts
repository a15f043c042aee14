import { boardLaws } from './testing/board-laws.ts'
import { tictactoe } from './tictactoe.ts'

boardLaws(tictactoe)
