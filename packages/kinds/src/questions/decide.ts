import type { Millis, Seq } from '../ids.ts'
import type { Actor, Draft, Refusal } from '../kind.ts'
import { own } from '../own.ts'
import { audienceOf } from '../roles.ts'
import type { QuestionsCommand, QuestionsCommandBody } from './commands.ts'
import { approve, hold, mark, merge, pin, reject, reply, restore, unmerge, unreply } from './moderate.ts'
import {
  QUESTIONS_LIMITS,
  type HiddenFrom,
  type Person,
  type QuestionsBodies,
  type QuestionsState,
  type StoredHeld,
} from './model.ts'
import { ALREADY, GONE, no, openCount, yes, type Outcome } from './outcome.ts'
import { groupOf, hasVoted } from './votes.ts'

/** What a room for questions says to a command. */
export function decide(state: QuestionsState, command: QuestionsCommand, by: Actor, now: Millis): Outcome {
  if (by.role === 'system') return no('not_a_person', 'Only people ask and answer here.')
  const person: Person = { id: by.id, name: by.name, role: by.role }
  const staff = audienceOf(by.role) === 'staff'
  switch (command.type) {
    case 'ask':
      return ask(state, command.body, person, staff)
    case 'edit':
      return edit(state, command.body, person)
    case 'delete':
      return remove(state, command.body.target, person, now)
    case 'vote':
      return vote(state, command.body, person)
    case 'approve':
      return approve(state, command.body.target)
    case 'reject':
      return reject(state, command.body.target)
    case 'mark':
      return mark(state, command.body, now)
    case 'restore':
      return restore(state, command.body.target, now)
    case 'pin':
      return pin(state, command.body)
    case 'reply':
      return reply(state, command.body)
    case 'unreply':
      return unreply(state, command.body, person, staff)
    case 'merge':
      return merge(state, command.body)
    case 'hold':
    case 'close':
      return hold(state, command)
  }
}

function ask(state: QuestionsState, body: QuestionsCommandBody<'ask'>, by: Person, staff: boolean): Outcome {
  if (state.closed && !staff) return no('closed', 'No more questions are taken here.')
  if (body.anonymous && state.anonymous === 'off') return no('names_only', 'Questions are asked with a name here.')
  const full = tooMany(state, by)
  if (full !== null) return full
  const hidden: HiddenFrom | null = body.anonymous && state.anonymous !== 'off' ? state.anonymous : null
  const anonymous = hidden === null ? {} : { anonymous: hidden }
  if (staff || !state.hold) {
    if (openCount(state) >= QUESTIONS_LIMITS.open)
      return no('questions_full', 'Too many questions are open already. Look whether yours is among them.')
    const asked: Draft<QuestionsBodies> = { type: 'ask', body: { text: body.text, ...anonymous } }
    if (hidden === null) return yes(asked)
    return yes({ ...asked, anonymous: true }, ...behind(by, hidden), {
      type: 'yours',
      body: { back: 2, text: body.text, ...anonymous },
    })
  }
  if (state.held.length >= QUESTIONS_LIMITS.held)
    return no('held_full', 'Too many questions wait for approval already.')
  const hiddenFromAll = hidden === 'everyone'
  const asked: Draft<QuestionsBodies> = { type: 'ask', body: { text: body.text, held: true, ...anonymous } }
  return {
    entries: [
      hiddenFromAll ? { ...asked, anonymous: true } : asked,
      ...(hiddenFromAll ? behind(by, hidden) : []),
      { type: 'yours', body: { back: hiddenFromAll ? 2 : 1, text: body.text, held: true, ...anonymous } },
    ],
    result: { held: true },
  }
}

function behind(by: Person, hidden: HiddenFrom): Draft<QuestionsBodies>[] {
  return [{ type: 'author', body: { by, sees: hidden === 'audience' ? 'staff' : 'nobody' }, anonymous: true }]
}

function tooMany(state: QuestionsState, { id }: Person): Refusal | null {
  const waiting = state.held.filter(({ author }) => author?.id === id).length
  const open = Object.values(state.questions).filter(
    ({ author, place, shown }) => author?.id === id && place === 'list' && shown.status !== 'answered',
  ).length
  return waiting + open < QUESTIONS_LIMITS.perPerson
    ? null
    : no('asked_enough', 'Enough of your questions are waiting. Take one back, or wait for an answer.')
}

function edit(state: QuestionsState, { target, text }: QuestionsCommandBody<'edit'>, by: Person): Outcome {
  const held = state.held.find(({ seq }) => seq === target)
  if (held === undefined) {
    const stored = own(state.questions, target)
    // Else people would have voted for other words.
    if (stored?.author?.id === by.id) return no('in_sight', 'Others can see that question, so it stays as it is.')
    return GONE
  }
  // Of a question that waits, others do not even learn that it is there.
  if (held.author?.id !== by.id) return GONE
  if (held.text === text) return ALREADY
  const edited: Draft<QuestionsBodies> = { type: 'edit', body: { target, text } }
  return yes(held.anonymous === 'everyone' ? { ...edited, anonymous: true } : edited, {
    type: 'edited',
    body: { target, text },
  })
}

function remove(state: QuestionsState, target: Seq, by: Person, now: Millis): Outcome {
  const held = state.held.find(({ seq }) => seq === target)
  if (held !== undefined) return held.author?.id === by.id ? withdraw(held, by) : GONE
  const stored = own(state.questions, target)
  if (stored === undefined) return GONE
  if (stored.author?.id !== by.id) return no('not_yours', 'Only its author can delete a question.')
  const { place, shown } = stored
  const released: Draft<QuestionsBodies>[] =
    typeof place === 'string' ? [] : [{ type: 'release', body: { target: place.into, other: target }, anonymous: true }]
  const deleted: Draft<QuestionsBodies> = { type: 'delete', body: { target, drops: [target] } }
  // The others' questions do not go with it.
  const freed = shown.merged.flatMap((seq) => unmerge(state, seq, now).map((draft) => ({ ...draft, anonymous: true })))
  return yes(...freed, ...released, shown.anonymous === undefined ? deleted : { ...deleted, anonymous: true })
}

function withdraw({ seq: target, anonymous }: StoredHeld, { id: user }: Person): Outcome {
  const withdrawn: Draft<QuestionsBodies> = { type: 'reject', body: { target, withdrawn: true } }
  return yes(anonymous === 'everyone' ? { ...withdrawn, anonymous: true } : withdrawn, {
    type: 'rejected',
    body: { target, user },
    anonymous: true,
  })
}

function vote(state: QuestionsState, { target, on }: QuestionsCommandBody<'vote'>, by: Person): Outcome {
  const stored = own(state.questions, target)
  if (stored === undefined || stored.place !== 'list') return GONE
  if (stored.author?.id === by.id) return no('own_question', 'You cannot vote for your own question.')
  if (hasVoted(state, stored, by.id) === on) return ALREADY
  if (on && state.voteCount >= QUESTIONS_LIMITS.votes) return no('votes_full', 'Too many votes at once.')
  const also = on ? [] : groupOf(stored).slice(1)
  return yes({ type: 'vote', body: { target, on, ...(also.length === 0 ? {} : { also }) } })
}
