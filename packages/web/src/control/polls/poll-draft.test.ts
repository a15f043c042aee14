import { polls, type Poll, type PollId } from '@plenary/kinds'
import { describe, expect, it } from 'vitest'
import { NEW_POLL, pollDraftOf, pollOfDraft, type PollDraft } from './poll-draft.ts'

const id = '9f0d1a4e-7a51-4b43-9d2a-0a4f6a3c1e55' as PollId
const shown: Poll = {
  id,
  title: 'Lunch?',
  form: { type: 'text' },
  privacy: 'hidden',
  show: 'live',
  change: true,
  seconds: null,
  status: 'draft',
  openedAt: null,
  closesAt: null,
  closedAt: null,
  revealed: false,
  sealed: false,
  results: { votes: 0 },
}

describe('a poll in the form', () => {
  it.each<PollDraft>([
    { ...NEW_POLL, title: 'Lunch?' },
    { ...NEW_POLL, title: 'Which?', options: ['a', '', 'b', 'c'], several: true, seconds: '30' },
    { ...NEW_POLL, title: 'Capital?', type: 'quiz', options: ['Bern', 'Basel'], right: [0] },
    { ...NEW_POLL, title: 'How was it?', type: 'rating', steps: '10', low: 'poor', high: 'great', show: 'revealed' },
    { ...NEW_POLL, title: 'In a word', type: 'words', words: '2' },
    { ...NEW_POLL, title: 'Tell us', type: 'text', privacy: 'named' },
  ])('is one that the rules take: $type', (draft) => {
    expect(polls.commands.draft.body.safeParse(pollOfDraft(draft)).success).toBe(true)
  })

  it('comes out of a kept poll as it went in', () => {
    const quiz: Poll = {
      ...shown,
      form: { type: 'choice', options: ['Bern', 'Basel'], max: 1, quiz: { points: 500, speed: false } },
      right: [1],
      show: 'revealed',
      change: false,
      seconds: 20,
    }
    expect(pollOfDraft(pollDraftOf(quiz))).toEqual({
      title: 'Lunch?',
      form: { type: 'choice', options: ['Bern', 'Basel'], max: 1, quiz: { right: [1], points: 500, speed: false } },
      privacy: 'hidden',
      show: 'revealed',
      change: false,
      seconds: 20,
    })
  })

  it('keeps the right answers right when an empty option above them is left out', () => {
    const body = pollOfDraft({ ...NEW_POLL, title: 'Q', type: 'quiz', options: ['', 'a', 'b'], right: [2] })
    expect(body).toMatchObject({ form: { options: ['a', 'b'], quiz: { right: [1] } } })
  })

  it.each([
    [{ title: '' }, /question/],
    [{ options: ['one', ' '] }, /two options/],
    [{ options: ['one', 'one'] }, /the same/],
    [{ type: 'quiz' as const, right: [] }, /right answer/],
    [{ type: 'quiz' as const, right: [0, 1] }, /several/],
    [{ seconds: '2' }, /5 to/],
    [{ type: 'rating' as const, steps: '1' }, /steps/],
  ])('says what is wrong: %j', (part, words) => {
    expect(pollOfDraft({ ...NEW_POLL, title: 'Q', ...part })).toMatch(words)
  })
})
