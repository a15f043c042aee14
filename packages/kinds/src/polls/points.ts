import type { UserId } from '../ids.ts'
import { own } from '../own.ts'
import {
  POLLS_LIMITS,
  type Answer,
  type BoardLine,
  type MyVote,
  type PollsState,
  type Solution,
  type StoredPoll,
} from './model.ts'

/** Null for a poll without right answers. Points are on the board only for those who are named beside them. */
export function solutionOf({ shown, right }: StoredPoll): Solution | null {
  const { form, privacy, seconds } = shown
  if (right === null || form.type !== 'choice' || form.quiz === undefined) return null
  const withinMs = seconds === null ? POLLS_LIMITS.fastMs : seconds * 1_000
  return { ...form.quiz, right, withinMs, board: privacy === 'named' }
}

/** The vote with what it gave: full points for all of the right options and no other, with `speed` fewer when it came late. */
export function scored(vote: MyVote, { right, points, speed, withinMs }: Solution): MyVote {
  if (!isRight(vote.answer, right)) return { ...vote, points: 0 }
  const late = speed ? Math.min(1, Math.max(0, vote.afterMs) / withinMs) : 0
  return { ...vote, points: Math.round(points * (1 - late / 2)) }
}

function isRight(answer: Answer, right: readonly number[]): boolean {
  return 'picks' in answer && JSON.stringify(answer.picks) === JSON.stringify(right)
}

/** All votes with what they gave. */
export function allScored({ ballots }: StoredPoll, solution: Solution): [voter: UserId, vote: MyVote][] {
  return (Object.entries(ballots) as [UserId, MyVote][]).map(([voter, vote]) => [voter, scored(vote, solution)])
}

/** The board once these votes are counted on it. */
export function boardAfter({ people }: PollsState, votes: readonly [voter: UserId, vote: MyVote][]): BoardLine[] {
  const gained = new Map(votes.map(([voter, { points = 0 }]) => [voter, points]))
  return (Object.keys(people) as UserId[])
    .map((user): BoardLine => {
      const { name, points } = own(people, user) ?? { name: '', points: 0 }
      return { user, name, points: points + (gained.get(user) ?? 0) }
    })
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points || (a.user < b.user ? -1 : 1))
    .slice(0, POLLS_LIMITS.boardLines)
}
