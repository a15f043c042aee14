import type { PendingCommand, Room } from '@plenary/client'
import type { Answer, api, CommandId, Poll, PollId } from '@plenary/kinds'
import type { polls } from '@plenary/kinds/client'

export type Me = api.Me
export type PollsRoom = Room<typeof polls>

/** A vote of mine that is not in the log yet, or never will be. */
export interface PendingVote {
  id: CommandId
  answer: Answer
  state: PendingCommand['state']
  /** Why it was refused. */
  reason?: string
}

/** By poll: the vote that waits in the outbox, a later one over an earlier. */
export function pendingVotes(pending: readonly PendingCommand[]): Map<PollId, PendingVote> {
  const votes = new Map<PollId, PendingVote>()
  for (const { id, type, body, state, failure } of pending) {
    if (type !== 'vote') continue
    const { poll, answer } = body as unknown as { poll: PollId; answer: Answer }
    votes.set(poll, { id, answer, state, ...(failure ? { reason: failure.message } : {}) })
  }
  return votes
}

/** Those that people can see, as they stand in a list: open ones first, then the newest. */
export function inSight(list: readonly Poll[]): Poll[] {
  return list
    .filter(({ status }) => status === 'open' || status === 'closed')
    .toSorted(
      (a, b) => Number(b.status === 'open') - Number(a.status === 'open') || (b.openedAt ?? 0) - (a.openedAt ?? 0),
    )
}

/** The poll that is on the stage: the one that the cue names, or the first in sight. */
export function onStage(list: readonly Poll[], item: string | undefined): Poll | undefined {
  const polls = inSight(list)
  return item === undefined ? polls[0] : polls.find(({ id }) => id === item)
}
