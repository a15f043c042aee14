import type { Millis, Seq, UserId } from '../ids.ts'
import type { Draft, Json } from '../kind.ts'
import { own } from '../own.ts'
import {
  QUESTIONS_LIMITS,
  type Question,
  type QuestionsBodies,
  type QuestionsDigest,
  type QuestionsMine,
  type QuestionsState,
  type QuestionsView,
  type StoredQuestion,
} from './model.ts'

/** A question and those that it stands for. */
export function groupOf({ shown }: StoredQuestion): Seq[] {
  return [shown.seq, ...shown.merged]
}

/** Whether this person's vote counts for the question: given to it, or to one that it stands for. */
export function hasVoted(state: QuestionsState, stored: StoredQuestion, user: UserId): boolean {
  return groupOf(stored).some((seq) => Object.hasOwn(own(state.questions, seq)?.voters ?? {}, user))
}

/** Each person once, however many of the united questions they voted for, and never the author. */
export function countOf(state: QuestionsState, stored: StoredQuestion): number {
  const voters = new Set(groupOf(stored).flatMap((seq) => Object.keys(own(state.questions, seq)?.voters ?? {})))
  if (stored.author !== null) voters.delete(stored.author.id)
  return voters.size
}

/** The numbers that are not what everyone was told last. */
function changedVotes(state: QuestionsState): Record<Seq, number> {
  const votes: Record<Seq, number> = {}
  for (const { shown, place, count } of Object.values(state.questions))
    if (place === 'list' && count !== shown.votes) votes[shown.seq] = count
  return votes
}

/** A few numbers, however many vote; null while the view has them all. */
export function digest(state: QuestionsState): Json {
  return state.untalliedSince === null ? null : { tallies: state.tallies, votes: changedVotes(state) }
}

export function deadline({ untalliedSince }: QuestionsState): Millis | null {
  return untalliedSince === null ? null : untalliedSince + QUESTIONS_LIMITS.tallyMs
}

/** Writes the votes into the log, so that who joins and who looks back has them. */
export function timeout(state: QuestionsState): Draft<QuestionsBodies>[] {
  return state.untalliedSince === null ? [] : [{ type: 'tally', body: { votes: changedVotes(state) } }]
}

/** A question's votes now: of view and digest, whichever is newer. */
export function votesOf(question: Question, view: QuestionsView, newest: QuestionsDigest | null): number {
  if (newest === null || newest.tallies < view.tallies) return question.votes
  return own(newest.votes, question.seq) ?? question.votes
}

/** Whether my vote counts for it, be it by one of its duplicates. */
export function votedFor(question: Question, mine: QuestionsMine): boolean {
  return [question.seq, ...question.merged].some((seq) => mine.votes.includes(seq))
}
