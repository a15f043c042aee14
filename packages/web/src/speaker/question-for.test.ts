import { expect, test } from 'vitest'
import { questionFor } from './question-for.ts'
import type { Question } from '@plenary/kinds'

const question = (seq: number, more: Partial<Question>): Question => ({
  seq,
  at: 0,
  text: `Question ${seq}`,
  by: null,
  status: 'open',
  since: 0,
  votes: 0,
  replies: [],
  merged: [],
  ...more,
})

test('what is being answered stands before what is pinned, the newest pin before older ones, and nothing else is there', () => {
  const pinned = [question(1, { pinned: 5 }), question(2, { pinned: 9 }), question(3, {})]
  expect(questionFor([...pinned, question(4, { status: 'live' })])?.seq).toBe(4)
  expect(questionFor(pinned)?.seq).toBe(2)
  expect(questionFor([question(5, { pinned: 1, status: 'answered' }), question(6, {})])).toBeNull()
})
