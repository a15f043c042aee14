import type { UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { Ballots } from './ballots.ts'

const [ada, bo, cy, dee] = ['ada', 'bo', 'cy', 'dee'] as UserId[] as [UserId, UserId, UserId, UserId]

function three(): Ballots {
  const ballots = new Ballots(2)
  ballots.put(ada, 0)
  ballots.put(bo, 1)
  ballots.put(cy, 1)
  return ballots
}

test('a person counts once, with the last vote', () => {
  const ballots = three()
  ballots.put(bo, 0)
  ballots.put(bo, 0)
  expect(ballots.people).toBe(3)
  expect(ballots.counts).toEqual([2, 1])
  expect([ballots.of(bo), ballots.of(dee)]).toEqual([0, null])
})

test.each([
  ['the same', { votes: 3, counts: [1, 2] }, { lost: 0, extra: 0 }],
  ['one lost', { votes: 2, counts: [1, 1] }, { lost: 1, extra: 0 }],
  ['one counted twice', { votes: 3, counts: [2, 2] }, { lost: 0, extra: 1 }],
  ['one under the wrong option', { votes: 3, counts: [2, 1] }, { lost: 1, extra: 1 }],
  ['a person too many', { votes: 4, counts: [1, 2] }, { lost: 0, extra: 1 }],
  ['a person too few', { votes: 2, counts: [1, 2] }, { lost: 1, extra: 0 }],
  ['an option that nobody knows', { votes: 3, counts: [1, 2, 1] }, { lost: 0, extra: 1 }],
  ['no numbers at all', { votes: 3 }, { lost: 3, extra: 0 }],
])('results with %s', (_, results, miscount) => {
  expect(three().against(results)).toEqual(miscount)
})
