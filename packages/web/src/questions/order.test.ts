import { expect, test } from 'vitest'
import { raised, settled, sorted } from './order.ts'
import type { Question } from '@plenary/kinds'

const question = (seq: number, more: Partial<Question> = {}): Question => ({
  seq,
  at: seq,
  text: `question ${seq}`,
  by: null,
  status: 'open',
  since: seq,
  votes: 0,
  replies: [],
  merged: [],
  ...more,
})
const seqs = (list: readonly Question[]) => list.map(({ seq }) => seq)

test('sorted: by votes, the older first of two that have as many; by age; and those that are answered', () => {
  const list = [question(2, { votes: 1 }), question(3, { votes: 5 }), question(4, { votes: 1 })]
  const answered = [question(5, { status: 'answered', since: 10 }), question(6, { status: 'answered', since: 9 })]
  const votes = ({ votes: count }: Question) => count
  expect(seqs(sorted([...list, ...answered], 'top', votes))).toEqual([3, 2, 4])
  expect(seqs(sorted([...list, ...answered], 'new', votes))).toEqual([4, 3, 2])
  expect(seqs(sorted([...list, ...answered], 'answered', votes))).toEqual([5, 6])
})

test.each([
  ['moves nothing that stands', [1, 2, 3], [3, 1, 2], [1, 2, 3]],
  ['lets in what is new at its place', [1, 2], [9, 2, 8, 1], [9, 1, 2, 8]],
  ['lets go what is gone', [1, 2, 3], [3, 1], [1, 3]],
  ['begins with what is wanted', [], [3, 1, 2], [3, 1, 2]],
])('settled: %s', (_, before, wanted, order) => {
  expect(settled(before, wanted)).toEqual(order)
})

test('raised: the one being answered, then what is pinned, then the rest as it was', () => {
  const list = [question(4), question(2, { pinned: 1 }), question(7), question(5, { status: 'live' })]
  expect(seqs(raised(list))).toEqual([5, 2, 4, 7])
})
