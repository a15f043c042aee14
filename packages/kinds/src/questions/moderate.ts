import type { Millis, Seq } from '../ids.ts'
import type { Draft } from '../kind.ts'
import { own } from '../own.ts'
import type { QuestionsCommand, QuestionsCommandBody } from './commands.ts'
import { isBinned } from './evolve.ts'
import { ownHeldOf } from './mine.ts'
import {
  QUESTIONS_LIMITS,
  type Person,
  type Question,
  type QuestionsBodies,
  type QuestionsState,
  type StoredQuestion,
} from './model.ts'
import { ALREADY, GONE, no, openCount, OPEN_FULL, yes, type Outcome } from './outcome.ts'
import { countOf, groupOf } from './votes.ts'

type Drafts = Draft<QuestionsBodies>[]

const NOT_HELD = no('not_held', 'That question does not wait for approval any more.')

export function approve(state: QuestionsState, target: Seq): Outcome {
  const held = state.held.find(({ seq }) => seq === target)
  if (held === undefined) return NOT_HELD
  if (openCount(state) >= QUESTIONS_LIMITS.open) return OPEN_FULL
  const { at, text, author, anonymous } = held
  const hidden = anonymous === undefined ? {} : { anonymous }
  const question = { at, text, by: anonymous === undefined ? author : null, ...hidden }
  const approved: Drafts = [{ type: 'approve', body: { target, question } }]
  if (anonymous === 'audience' && author !== null)
    approved.push({ type: 'author', body: { by: author, sees: 'staff' }, anonymous: true })
  return yes(...approved)
}

export function reject(state: QuestionsState, target: Seq): Outcome {
  const held = state.held.find(({ seq }) => seq === target)
  if (held === undefined) return NOT_HELD
  const told: Drafts =
    held.author === null
      ? []
      : // Who turned it down is for staff to know.
        [{ type: 'rejected', body: { target, user: held.author.id }, anonymous: true }]
  return yes({ type: 'reject', body: { target } }, ...told)
}

/** Marks a question in sight, or has back one that is not and marks that. */
export function mark(state: QuestionsState, body: QuestionsCommandBody<'mark'>, now: Millis): Outcome {
  const { target, as } = body
  const stored = own(state.questions, target)
  if (stored === undefined) return GONE
  const { place, shown } = stored
  if (typeof place !== 'string') return no('merged', 'That question stands under another one. Take it out first.')
  if (isBinned(as)) {
    if (place === as) return ALREADY
    if (place !== 'list') return no('out_of_sight', 'That question is out of sight already. Restore it first.')
    return yes({ type: 'mark', body: { target, as, ...dropping(fullBin(state)) } })
  }
  if (place === 'list' && shown.status === as) return ALREADY
  const back: Drafts = []
  if (place !== 'list' || shown.status === 'answered') {
    if (as !== 'answered' && openCount(state) >= QUESTIONS_LIMITS.open) return OPEN_FULL
    if (place !== 'list') back.push(restoring(state, stored, 'open', now))
  }
  const other = as === 'live' ? liveOne(state, target) : undefined
  // The evening goes on from question to question: what was being answered is answered now.
  if (other !== undefined) back.push(marking(state, other.shown.seq, 'answered'))
  if (place === 'list' || as !== 'open') back.push(marking(state, target, as))
  return yes(...back)
}

function marking(state: QuestionsState, target: Seq, as: Question['status']): Draft<QuestionsBodies> {
  return { type: 'mark', body: { target, as, ...dropping(as === 'answered' ? fullAnswered(state, target) : []) } }
}

function liveOne(state: QuestionsState, but: Seq): StoredQuestion | undefined {
  return Object.values(state.questions).find(
    ({ place, shown }) => place === 'list' && shown.status === 'live' && shown.seq !== but,
  )
}

function dropping(drops: Seq[]): { drops?: Seq[] } {
  return drops.length === 0 ? {} : { drops }
}

/** What leaves the state when one more goes to the bin. */
function fullBin(state: QuestionsState): Seq[] {
  const first = state.bin.length < QUESTIONS_LIMITS.bin ? undefined : state.bin[0]
  const stored = first === undefined ? undefined : own(state.questions, first)
  return stored === undefined ? [] : groupOf(stored)
}

/** What leaves the state when one more is answered. */
function fullAnswered(state: QuestionsState, but: Seq): Seq[] {
  const answered = Object.values(state.questions).filter(
    ({ place, shown }) => place === 'list' && shown.status === 'answered' && shown.seq !== but,
  )
  const over = answered.length + 1 - QUESTIONS_LIMITS.answered
  if (over <= 0) return []
  return answered
    .toSorted((a, b) => a.shown.since - b.shown.since)
    .slice(0, over)
    .flatMap(groupOf)
}

/** Undoes what took a question out of sight. */
export function restore(state: QuestionsState, target: Seq, now: Millis): Outcome {
  const rejected = state.rejected.find(({ seq }) => seq === target)
  if (rejected !== undefined) {
    if (state.held.length >= QUESTIONS_LIMITS.held) return no('held_full', 'Too many questions wait for approval.')
    const { author } = rejected
    const told: Drafts =
      author === null
        ? []
        : [{ type: 'returned', body: { user: author.id, question: ownHeldOf(rejected) }, anonymous: true }]
    return yes({ type: 'unreject', body: { target } }, ...told)
  }
  if (state.held.some(({ seq }) => seq === target)) return ALREADY
  const stored = own(state.questions, target)
  if (stored === undefined) return GONE
  const { place, shown } = stored
  if (place === 'list') return ALREADY
  const answered = shown.status === 'answered'
  if (!answered && openCount(state) >= QUESTIONS_LIMITS.open) return OPEN_FULL
  if (answered && fullAnswered(state, target).length > 0)
    return no('answered_full', 'Too many answered questions are in sight. Archive some first.')
  return typeof place === 'string'
    ? yes(restoring(state, stored, statusBack(state, stored), now))
    : yes(...unmerge(state, target, now))
}

/** The status that a question has when it comes back: the one it had, unless another is being answered by now. */
function statusBack(state: QuestionsState, { shown }: StoredQuestion): Question['status'] {
  return shown.status === 'live' && liveOne(state, shown.seq) !== undefined ? 'open' : shown.status
}

/** A question in sight again as it was, with the votes it has now. */
function restoring(
  state: QuestionsState,
  stored: StoredQuestion,
  status: Question['status'],
  now: Millis,
): Draft<QuestionsBodies> {
  const { pinned, ...shown } = stored.shown
  const keepsPin = pinned !== undefined && pinCount(state) < QUESTIONS_LIMITS.pins
  const since = status === shown.status ? shown.since : now
  const question = { ...shown, status, since, votes: countOf(state, stored), ...(keepsPin ? { pinned } : {}) }
  return { type: 'restore', body: { target: shown.seq, question } }
}

/** A duplicate as a question of its own again; its votes go with it. */
export function unmerge(state: QuestionsState, target: Seq, now: Millis): Drafts {
  const stored = own(state.questions, target)
  if (stored === undefined || typeof stored.place === 'string') return []
  return [
    restoring(state, stored, statusBack(state, stored), now),
    { type: 'release', body: { target: stored.place.into, other: target } },
  ]
}

export function merge(state: QuestionsState, { target, into }: QuestionsCommandBody<'merge'>): Outcome {
  const stored = own(state.questions, target)
  const other = own(state.questions, into)
  if (stored === undefined || other === undefined || other.place !== 'list') return GONE
  if (target === into) return no('the_same', 'A question cannot be merged into itself.')
  if (typeof stored.place !== 'string' && stored.place.into === into) return ALREADY
  if (stored.place !== 'list') return GONE
  if (stored.shown.merged.length > 0)
    return no('has_duplicates', 'Other questions stand under that one. Merge the other way round.')
  if (other.shown.merged.length >= QUESTIONS_LIMITS.mergedPerQuestion)
    return no('merged_full', 'Enough questions stand under that one already.')
  if (Object.values(state.questions).filter(({ place }) => typeof place !== 'string').length >= QUESTIONS_LIMITS.merged)
    return no('merged_full', 'Enough questions are merged already. Archive some first.')
  return yes({ type: 'merge', body: { target, into } }, { type: 'absorb', body: { target: into, other: target } })
}

function inSight(state: QuestionsState, target: Seq): Question | null {
  const stored = own(state.questions, target)
  return stored?.place === 'list' ? stored.shown : null
}

function pinCount(state: QuestionsState): number {
  return Object.values(state.questions).filter(({ place, shown }) => place === 'list' && shown.pinned !== undefined)
    .length
}

export function pin(state: QuestionsState, { target, on }: QuestionsCommandBody<'pin'>): Outcome {
  const question = inSight(state, target)
  if (question === null) return GONE
  if ((question.pinned !== undefined) === on) return ALREADY
  if (on && pinCount(state) >= QUESTIONS_LIMITS.pins)
    return no('pins_full', 'Enough questions are pinned. Unpin one first.')
  return yes({ type: 'pin', body: { target, on } })
}

export function reply(state: QuestionsState, body: QuestionsCommandBody<'reply'>): Outcome {
  const question = inSight(state, body.target)
  if (question === null) return GONE
  if (question.replies.length >= QUESTIONS_LIMITS.repliesPerQuestion)
    return no('replies_full', 'That question has enough replies.')
  return yes({ type: 'reply', body })
}

export function unreply(
  state: QuestionsState,
  body: QuestionsCommandBody<'unreply'>,
  by: Person,
  staff: boolean,
): Outcome {
  const found = inSight(state, body.target)?.replies.find(({ seq }) => seq === body.reply)
  if (found === undefined) return no('gone', 'That reply is not here any more, or never was.')
  if (!staff && found.by.id !== by.id) return no('not_yours', 'Only its author or staff can take a reply back.')
  return yes({ type: 'unreply', body })
}

export function hold(state: QuestionsState, command: Extract<QuestionsCommand, { type: 'hold' | 'close' }>): Outcome {
  const { on } = command.body
  if (command.type === 'hold') return state.hold === on ? ALREADY : yes({ type: 'hold', body: { on } })
  return state.closed === on ? ALREADY : yes({ type: 'close', body: { on } })
}
