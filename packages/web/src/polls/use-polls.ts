import { useRoom } from '@plenary/client/react'
import { myVote, resultsOf } from '@plenary/kinds'
import { useCallback, useMemo } from 'react'
import { useRefusals } from '../shell/use-refusals.ts'
import { pendingVotes } from './polls-room.ts'
import type { Answer, Failure, Poll, PollsDigest, PollsMine, PollsView } from '@plenary/kinds'
import type { PollCardProps } from './poll-card.tsx'
import type { PendingVote, PollsRoom } from './polls-room.ts'

/** A refused vote is told on its poll. */
const KEPT = ['vote']

interface PollsNow {
  state: 'joining' | 'live' | 'refused'
  failure: Failure | undefined
  view: PollsView | null
  mine: PollsMine | null
  /** Some vote of mine is not saved yet. */
  waiting: boolean
  /** All that a poll's card shows and does, its clock apart. */
  card(poll: Poll): Omit<PollCardProps, 'clock'>
}

/** The polls as they are now, with what this person does in them. */
export function usePolls(room: PollsRoom): PollsNow {
  const { state, view, mine, digest, pending, failure } = useRoom(room)
  useRefusals(room, pending, KEPT)
  const votes = useMemo(() => pendingVotes(pending), [pending])
  const onVote = useCallback((poll: Poll, answer: Answer) => void room.send('vote', { poll: poll.id, answer }), [room])
  const onDismiss = useCallback(({ id }: PendingVote) => room.discard(id), [room])
  return {
    state,
    failure,
    view,
    mine,
    waiting: votes.size > 0,
    card: (poll) => ({
      poll,
      results: view === null ? poll.results : resultsOf(poll, view, digest as PollsDigest | null),
      vote: mine === null ? null : myVote(mine, poll),
      pending: votes.get(poll.id),
      onVote,
      onDismiss,
    }),
  }
}
