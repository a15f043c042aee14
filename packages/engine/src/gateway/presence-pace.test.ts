import { expect, test } from 'vitest'
import { PresencePace } from './presence-pace.ts'

const LOOK_MS = 500

/** When all are told, where every look finds something new and this many are there. */
function toldAt(sizes: readonly number[]): number[] {
  const pace = new PresencePace()
  return sizes.flatMap((size, look) => {
    const now = look * LOOK_MS
    if (!pace.due(size, now)) return []
    pace.told(size, now)
    return [now]
  })
}

test('in a small room everybody is told at every look, however many come', () => {
  expect(toldAt([1, 40, 200, 249])).toEqual([0, 500, 1_000, 1_500])
})

test('a rush is told of once, when it is over', () => {
  expect(toldAt([10, 1_000, 2_000, 2_010, 2_010])).toEqual([0, 1_500])
})

test('a rush that goes on is told of as well', () => {
  // Half as many again at each look.
  const sizes = Array.from({ length: 24 }, (_, look) => Math.round(500 * 1.5 ** look))
  expect(toldAt(sizes)).toEqual([1_000, 5_000, 10_500])
})

test('the more there are, the more rarely they are told, and never more rarely than every five seconds', () => {
  const told = toldAt(Array.from({ length: 24 }, () => 600))
  expect(told.slice(0, 4)).toEqual([500, 2_000, 3_500, 5_000])
  expect(toldAt(Array.from({ length: 40 }, () => 9_000))).toEqual([500, 5_500, 10_500, 15_500])
})
