import type { Millis } from '../ids.ts'
import type { Actor, Refusal } from '../kind.ts'
import { own } from '../own.ts'
import { POLLS_LIMITS, type Answer, type Form, type PollsState, type StoredPoll } from './model.ts'
import { ALREADY, CLOSED, GONE, no, yes, type Outcome } from './outcome.ts'

/** What becomes of a vote: one each, and another one in its place if the poll allows that. */
export function vote(state: PollsState, stored: StoredPoll, given: Answer, by: Actor, now: Millis): Outcome {
  const { id, status, form, closesAt, openedAt, change, privacy } = stored.shown
  if (status === 'draft' || status === 'archived') return GONE
  if (status === 'closed' || (closesAt !== null && now >= closesAt)) return CLOSED
  const answer = fitting(form, given)
  if (answer === null) return no('wrong_answer', 'That is no answer to this poll.')
  const before = own(stored.ballots, by.id)
  if (before !== undefined) {
    if (JSON.stringify(before.answer) === JSON.stringify(answer)) return ALREADY
    if (!change) return no('voted_already', 'You have voted already, and votes stay as they are here.')
  }
  const full = fullFor(state, stored, answer, by)
  if (full !== null) return full
  // Neither who nor when: the alias is all that a secret vote is known by.
  if (privacy === 'secret')
    return yes({ type: 'vote', body: { poll: id, answer, afterMs: 0, alias: by.id }, anonymous: true })
  return yes({ type: 'vote', body: { poll: id, answer, afterMs: openedAt === null ? 0 : now - openedAt } })
}

/** The answer when it is one to this form. */
function fitting(form: Form, answer: Answer): Answer | null {
  switch (form.type) {
    case 'choice': {
      if (!('picks' in answer)) return null
      const { picks } = answer
      return picks.length <= form.max && picks.every((index) => index < form.options.length) ? answer : null
    }
    case 'rating':
      return 'rating' in answer && answer.rating <= form.steps ? answer : null
    case 'words':
      return 'words' in answer && answer.words.length <= form.max ? answer : null
    case 'text':
      return 'text' in answer ? answer : null
  }
}

function fullFor(state: PollsState, stored: StoredPoll, answer: Answer, by: Actor): Refusal | null {
  const first = !Object.hasOwn(stored.ballots, by.id)
  if (first && state.voteCount >= POLLS_LIMITS.votes)
    return no('votes_full', 'Too many votes are kept here already. Archive some polls first.')
  const named = stored.shown.privacy !== 'secret'
  if (named && !Object.hasOwn(state.people, by.id) && Object.keys(state.people).length >= POLLS_LIMITS.people)
    return no('people_full', 'Too many people have voted here already.')
  if ('text' in answer && first && stored.texts.length >= POLLS_LIMITS.texts)
    return no('texts_full', 'Enough answers are here already.')
  if (!('words' in answer)) return null
  const fresh = answer.words.filter((word) => !Object.hasOwn(stored.words, word)).length
  return fresh > 0 && Object.keys(stored.words).length + fresh > POLLS_LIMITS.words
    ? no('words_full', 'Enough different words are here already. Pick one of those.')
    : null
}
