import { expect, test } from 'vitest'
import { CHECKS } from './checks.ts'

test.each([
  [[], null],
  [[0, 3, 1, 4], null],
  [[0, 3, 1, 4, 2], 'first'],
  [[4, 0, 3, 5, 6, 2, 8, 1], 'second'],
  [[0, 1, 2, 4, 3, 5, 7, 6, 8], 'draw'],
  [[0, 1, 2, 4, 3, 6, 5, 8, 7], 'draw'],
  [[0, 1, 4, 2, 8], 'first'],
])('tic-tac-toe of %j: %s', (moves, outcome) => {
  expect(CHECKS['tictactoe']?.(moves)).toBe(outcome)
})
