import { expect, test } from 'vitest'
import { inSight, pendingVotes } from './polls-room.ts'
import type { PendingCommand } from '@plenary/client'
import type { CommandId, Poll, PollId } from '@plenary/kinds'

const poll = (id: string, more: Partial<Poll>): Poll => ({
  id: id as PollId,
  title: id,
  form: { type: 'text' },
  privacy: 'hidden',
  show: 'live',
  change: true,
  seconds: null,
  status: 'open',
  openedAt: 0,
  closesAt: null,
  closedAt: null,
  revealed: false,
  sealed: false,
  results: { votes: 0 },
  ...more,
})

test('[R12] the vote that is shown is the newest that was given, and how far it has come', () => {
  const vote = (id: string, rating: number, state: PendingCommand['state']): PendingCommand => ({
    id: id as CommandId,
    type: 'vote',
    body: { poll: 'p', answer: { rating } },
    at: 0,
    state,
  })
  expect(pendingVotes([vote('a', 1, 'sending'), vote('b', 2, 'kept')]).get('p' as PollId)).toEqual({
    id: 'b',
    answer: { rating: 2 },
    state: 'kept',
  })
})

test('open polls stand first, then the newest; drafts and archived ones are not there', () => {
  const list = [
    poll('old', { status: 'closed', openedAt: 1 }),
    poll('newer', { status: 'closed', openedAt: 2 }),
    poll('open', { openedAt: 0 }),
    poll('draft', { status: 'draft', openedAt: null }),
    poll('gone', { status: 'archived' }),
  ]
  expect(inSight(list).map(({ id }) => id)).toEqual(['open', 'newer', 'old'])
})
