import type { UserId } from '../ids.ts'
import type { Alias } from '../kind.ts'
import { own } from '../own.ts'
import type { PollId, PollsEntry, PollsMine, PollsState } from './model.ts'
import { scored } from './points.ts'

/** A person's own part. */
export function mine(state: PollsState, user: UserId, alias: Alias): PollsMine {
  const votes: PollsMine['votes'] = {}
  for (const { shown, ballots } of Object.values(state.polls)) {
    const who = shown.privacy === 'secret' ? alias(shown.id) : user
    const vote = who === null ? undefined : own(ballots, who)
    if (vote !== undefined) votes[shown.id] = vote
  }
  return { votes, points: own(state.people, user)?.points ?? 0 }
}

/** The same one entry later; unchanged parts are the same objects. */
export function evolveMine(part: PollsMine, entry: PollsEntry, me: UserId): PollsMine {
  switch (entry.type) {
    case 'vote': {
      if (entry.by?.id !== me) return part
      const { poll, answer, afterMs } = entry.body
      return { ...part, votes: { ...part.votes, [poll]: { answer, afterMs } } }
    }
    case 'reveal': {
      const { poll, quiz } = entry.body
      const vote = own(part.votes, poll)
      if (vote === undefined || quiz === undefined) return part
      const mine = scored(vote, quiz)
      const points = part.points + (quiz.board ? (mine.points ?? 0) : 0)
      return { votes: { ...part.votes, [poll]: mine }, points }
    }
    case 'close':
      return entry.body.sealed === true ? without(part, entry.body.poll) : part
    case 'archive':
      return without(part, entry.body.poll)
    case 'clearBoard':
      return part.points === 0 ? part : { ...part, points: 0 }
    default:
      return part
  }
}

function without(part: PollsMine, poll: PollId): PollsMine {
  if (!Object.hasOwn(part.votes, poll)) return part
  const { [poll]: _, ...votes } = part.votes
  return { ...part, votes }
}
