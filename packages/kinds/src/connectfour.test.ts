import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boardKind } from './board/board-kind.ts'
import { connectfour } from './connectfour.ts'
import { boardAfter } from './board/rules.ts'
import type { UserId } from './ids.ts'
import { Stage } from './testing/stage.ts'
import type { Actor } from './kind.ts'
import type { GameState } from './board/model.ts'

const ada: Actor = { id: 'ada' as UserId, name: 'Ada', role: 'attendee' }
const bo: Actor = { id: 'bo' as UserId, name: 'Bo', role: 'attendee' }

/** Plays columns in turn; what was refused changes nothing. */
function play(columns: readonly number[]): { game: GameState; refused: (string | null)[] } {
  const stage = new Stage<GameState>(boardKind(connectfour), {}, [ada, bo])
  stage.ask(ada, 'sit', {})
  stage.ask(bo, 'sit', {})
  const refused = columns.map((choice) => {
    const { round, moves } = stage.view()
    return stage.ask(moves.length % 2 === 0 ? ada : bo, 'move', { round, turn: moves.length, choice }).refused
  })
  return { game: stage.view(), refused }
}

test.each([
  ['across', [0, 0, 1, 1, 2, 2, 3], 0, [35, 36, 37, 38]],
  ['down', [0, 1, 0, 1, 0, 1, 0], 0, [14, 21, 28, 35]],
  ['rising', [0, 1, 1, 2, 2, 3, 2, 3, 3, 6, 3], 0, [17, 23, 29, 35]],
  ['falling', [3, 2, 2, 1, 1, 0, 1, 0, 0, 6, 0], 0, [14, 22, 30, 38]],
  ['by the second', [6, 0, 5, 0, 6, 0, 5, 0], 1, [14, 21, 28, 35]],
])('four %s win', (_, columns, winner, line) => {
  const { game } = play(columns)
  expect(game.result).toMatchObject({ winner, by: 'line' })
  expect(game.result?.line.toSorted((a, b) => a - b)).toEqual(line)
})

test('a piece falls to the lowest free field, and a full column takes no more', () => {
  const { game, refused } = play([3, 3, 3, 3, 3, 3, 3])
  expect(refused).toEqual([null, null, null, null, null, null, 'field_taken'])
  const column = [38, 31, 24, 17, 10, 3].map((field) => boardAfter(connectfour.rules, game.moves)[field])
  expect(column).toEqual([0, 1, 0, 1, 0, 1])
})

/** Every four in a row that there can be, written down another way than the rules do. */
const FOURS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
].flatMap(([right = 0, down = 0]) =>
  Array.from({ length: 42 }, (_, field) =>
    [0, 1, 2, 3].map((step) => [(field % 7) + step * right, Math.floor(field / 7) + step * down] as const),
  )
    .filter((four) => four.every(([column, row]) => column < 7 && row >= 0 && row < 6))
    .map((four) => four.map(([column, row]) => row * 7 + column)),
)

test('a round ends with the first four in a row or a full board, and not before', () => {
  expect(FOURS).toHaveLength(69)
  const games = fc.array(fc.nat({ max: 6 }), { minLength: 60, maxLength: 60 })
  fc.assert(
    fc.property(games, (columns) => {
      const { game } = play(columns)
      const board = boardAfter(connectfour.rules, game.moves)
      const before = boardAfter(connectfour.rules, game.moves.slice(0, -1))
      const winners = (of: typeof board) =>
        [0, 1].filter((side) => FOURS.some((four) => four.every((field) => of[field] === side)))
      expect(winners(before)).toEqual([])
      if (game.result === null) expect([winners(board), board.includes(null)]).toEqual([[], true])
      else if (game.result.by === 'full') expect([winners(board), board.includes(null)]).toEqual([[], false])
      else expect(winners(board)).toEqual([game.result.winner])
    }),
    { numRuns: 200 },
  )
})
