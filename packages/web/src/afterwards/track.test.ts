import { expect, test } from 'vitest'
import { busyness, marksOf, spansOf } from './track.ts'
import type { Entry } from '@plenary/kinds'

const entry = (seq: number, at: number, type: string, body: unknown): Entry =>
  ({ seq, at, by: null, type, body, id: `${seq}` }) as Entry

test('the stage in stretches: each lasts until the next, the last one to the end, and an empty stage is a gap', () => {
  const show = (cue: string) => ({ show: { cue, scene: { layout: 'end', text: cue }, since: 0, until: null } })
  const stage = [
    entry(2, 100, 'now', show('a')),
    entry(3, 150, 'now', { announcement: 'hello' }),
    entry(4, 200, 'now', show('b')),
    entry(5, 300, 'now', { show: null }),
    entry(6, 400, 'now', show('c')),
  ]
  expect(spansOf(stage, 500).map(({ cue, from, to }) => [cue, from, to])).toEqual([
    ['a', 100, 200],
    ['b', 200, 300],
    ['c', 400, 500],
  ])
})

test('marks are polls that opened and questions that were taken up, in their order', () => {
  const polls = [entry(2, 50, 'draft', {}), entry(3, 90, 'open', { poll: { title: 'Lunch?' } })]
  const questions = [
    entry(2, 10, 'ask', { text: 'Why?' }),
    entry(3, 40, 'mark', { target: 2, as: 'live' }),
    entry(4, 60, 'mark', { target: 2, as: 'answered' }),
  ]
  expect(marksOf(polls, questions)).toEqual([
    { at: 40, what: 'question', title: 'Why?' },
    { at: 90, what: 'poll', title: 'Lunch?' },
  ])
})

test('every message is counted in one stretch, the last moment too', () => {
  const chat = [0, 10, 49, 50, 100].map((at, index) => entry(index + 2, at, 'post', { text: 'x' }))
  expect(busyness([...chat, entry(9, 5, 'react', {})], 0, 100, 2)).toEqual([3, 2])
})
