import { connectfour } from './connectfour.ts'
import { boardLaws } from './testing/board-laws.ts'

boardLaws(connectfour)
