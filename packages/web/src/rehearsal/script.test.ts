import { polls, type Poll } from '@plenary/kinds'
import { describe, expect, it, test } from 'vitest'
import { answerTo, nameOf, nextAct, pauseMs } from './script.ts'

const CHANCES = [0, 0.2, 0.5, 0.79, 0.999_999]
const FORMS: Poll['form'][] = [
  { type: 'choice', options: ['a', 'b', 'c'], max: 1 },
  { type: 'rating', steps: 5 },
  { type: 'words', max: 1 },
  { type: 'text' },
]

describe('a simulated attendee', () => {
  it.each(FORMS)('answers a poll as its rules take it: $type', (form) => {
    for (const chance of CHANCES) {
      const answer = answerTo({ form }, () => chance)
      const poll = '9f0d1a4e-7a51-4b43-9d2a-0a4f6a3c1e55'
      expect(polls.commands.vote.body.safeParse({ poll, answer }).success).toBe(true)
      expect('picks' in answer ? answer.picks[0] : 0).toBeLessThan(3)
    }
  })
  it('says, asks, votes and listens, and never without a pause', () => {
    const acts = CHANCES.map((chance) => nextAct(() => chance).does)
    expect(new Set(acts)).toEqual(new Set(['say', 'ask', 'upvote', 'listen']))
    for (const chance of CHANCES) expect(pauseMs(() => chance)).toBeGreaterThanOrEqual(4_000)
  })
})

test('each has a name of its own that says what it is', () => {
  const names = Array.from({ length: 60 }, (_, place) => nameOf(place))
  expect(new Set(names).size).toBe(60)
  for (const name of names) expect(name).toContain('simulated')
})
