import { expect, test } from 'vitest'
import { mostWithin, perSecond } from './pace.ts'

test.each([
  ['none', [], 0],
  ['one', [5], 1],
  ['every 250 ms', [0, 250, 500, 750, 1_000, 1_250], 4],
  ['a span that begins between two', [0, 900, 1_100, 1_300, 1_800, 2_500], 4],
  ['all at once', [7, 7, 7], 3],
])('the most in a second of %s', (_, times, most) => {
  expect(mostWithin(times, 1_000)).toBe(most)
})

test('a rate is from the first to the last', () => {
  expect(perSecond([])).toBe(0)
  expect(perSecond([3])).toBe(0)
  expect(perSecond([0, 250, 500, 750, 1_000])).toBe(4)
})
