import type { Seq, UserId } from '../ids.ts'
import { own } from '../own.ts'
import { askedOf, personOf, questionAfter, questionOf } from './fold-question.ts'
import {
  QUESTIONS_LIMITS,
  type BinnedAs,
  type HeldQuestion,
  type QuestionsBodies,
  type QuestionsEntry,
  type QuestionsEntryOf,
  type QuestionsSettings,
  type QuestionsState,
  type StoredHeld,
  type StoredQuestion,
} from './model.ts'
import { countOf } from './votes.ts'

/** A room in which nobody has asked yet. */
export function initial(settings: QuestionsSettings): QuestionsState {
  return {
    hold: settings.hold,
    anonymous: settings.anonymous,
    closed: false,
    questions: {},
    bin: [],
    held: [],
    rejected: [],
    voteCount: 0,
    tallies: 0,
    untalliedSince: null,
  }
}

/** Folds one entry into the state, in place. */
export function evolve(state: QuestionsState, entry: QuestionsEntry): QuestionsState {
  apply(state, entry)
  return state
}

function apply(state: QuestionsState, entry: QuestionsEntry): void {
  switch (entry.type) {
    case 'ask':
      return ask(state, entry)
    case 'author':
      return author(state, entry)
    case 'edit':
      return edit(state, entry.body)
    case 'approve':
      return approve(state, entry)
    case 'reject':
      return reject(state, entry.body)
    case 'unreject':
      return unreject(state, entry.body.target)
    case 'vote':
      return vote(state, entry)
    case 'tally':
      return tally(state, entry.body.votes)
    case 'mark':
      return mark(state, entry)
    case 'restore':
      return restore(state, entry.body)
    case 'merge':
      return put(state, entry.body.target, { into: entry.body.into })
    case 'absorb':
    case 'release':
      change(state, entry.body.target, entry)
      return recount(state, entry)
    case 'pin':
    case 'reply':
    case 'unreply':
      return change(state, entry.body.target, entry)
    case 'delete':
      return drop(state, entry.body.drops)
    case 'hold':
      state.hold = entry.body.on
      return
    case 'close':
      state.closed = entry.body.on
      return
    // These repeat to one person what the entry before them said.
    case 'yours':
    case 'edited':
    case 'rejected':
    case 'returned':
      return
  }
}

function ask(state: QuestionsState, entry: QuestionsEntryOf<'ask'>): void {
  const asked = askedOf(entry)
  if (entry.body.held === true) state.held.push(storedHeld(asked))
  else add(state, asked, asked.by, entry.at)
}

function storedHeld({ by, ...held }: HeldQuestion): StoredHeld {
  const { seq, at, text, anonymous } = held
  return { seq, at, text, author: by, ...(anonymous === undefined ? {} : { anonymous }) }
}

function add(state: QuestionsState, asked: HeldQuestion, by: StoredQuestion['author'], since: number): void {
  const shown = questionOf(asked, since)
  state.questions[shown.seq] = { shown, author: by, place: 'list', voters: {}, count: 0 }
}

function author(state: QuestionsState, { seq, body }: QuestionsEntryOf<'author'>): void {
  const held = state.held.find((other) => other.seq === seq - 1)
  if (held !== undefined) held.author = body.by
  const stored = own(state.questions, seq - 1)
  if (stored !== undefined) stored.author = body.by
}

function edit(state: QuestionsState, { target, text }: QuestionsBodies['edit']): void {
  const held = state.held.find(({ seq }) => seq === target)
  if (held !== undefined) held.text = text
}

function approve(state: QuestionsState, entry: QuestionsEntryOf<'approve'>): void {
  const held = takeFrom(state.held, entry.body.target)
  add(state, { seq: entry.seq, ...entry.body.question }, held?.author ?? entry.body.question.by, entry.at)
}

function takeFrom(list: StoredHeld[], target: Seq): StoredHeld | undefined {
  const index = list.findIndex(({ seq }) => seq === target)
  return index < 0 ? undefined : list.splice(index, 1)[0]
}

function reject(state: QuestionsState, { target, withdrawn }: QuestionsBodies['reject']): void {
  const held = takeFrom(state.held, target)
  if (held === undefined || withdrawn === true) return
  state.rejected.push(held)
  if (state.rejected.length > QUESTIONS_LIMITS.rejected) state.rejected.shift()
}

function unreject(state: QuestionsState, target: Seq): void {
  const held = takeFrom(state.rejected, target)
  if (held !== undefined) state.held = [...state.held, held].toSorted((a, b) => a.seq - b.seq)
}

function vote(state: QuestionsState, entry: QuestionsEntryOf<'vote'>): void {
  const { target, on, also } = entry.body
  const { id } = personOf(entry.by)
  const stored = own(state.questions, target)
  if (stored === undefined) return
  if (on) {
    stored.voters[id] = true
    stored.count += 1
    state.voteCount += 1
  } else {
    for (const seq of [target, ...(also ?? [])]) withdraw(state, seq, id)
    stored.count -= 1
  }
  state.untalliedSince ??= entry.at
}

function withdraw(state: QuestionsState, seq: Seq, user: UserId): void {
  const stored = own(state.questions, seq)
  if (stored === undefined || !Object.hasOwn(stored.voters, user)) return
  delete stored.voters[user]
  state.voteCount -= 1
}

function tally(state: QuestionsState, votes: Record<Seq, number>): void {
  for (const stored of Object.values(state.questions)) {
    const count = own(votes, stored.shown.seq)
    if (count !== undefined) stored.shown = { ...stored.shown, votes: count }
  }
  state.tallies += 1
  state.untalliedSince = null
}

/** Here `shown` is only ever replaced, never changed: views have it too. */
function change(state: QuestionsState, target: Seq, entry: QuestionsEntry): void {
  const stored = own(state.questions, target)
  if (stored !== undefined) stored.shown = questionAfter(stored.shown, entry)
}

function recount(state: QuestionsState, { at, body }: QuestionsEntryOf<'absorb'> | QuestionsEntryOf<'release'>): void {
  const stored = own(state.questions, body.target)
  if (stored === undefined) return
  stored.count = countOf(state, stored)
  state.untalliedSince ??= at
}

function put(state: QuestionsState, target: Seq, place: StoredQuestion['place']): void {
  const stored = own(state.questions, target)
  if (stored !== undefined) stored.place = place
}

function mark(state: QuestionsState, entry: QuestionsEntryOf<'mark'>): void {
  const { target, as, drops } = entry.body
  if (isBinned(as)) {
    put(state, target, as)
    state.bin.push(target)
  } else change(state, target, entry)
  drop(state, drops ?? [])
}

export function isBinned(as: QuestionsBodies['mark']['as']): as is BinnedAs {
  return as === 'archived' || as === 'dismissed'
}

function restore(state: QuestionsState, { target, question }: QuestionsBodies['restore']): void {
  state.bin = state.bin.filter((seq) => seq !== target)
  const stored = own(state.questions, target)
  if (stored === undefined) return
  stored.shown = question
  stored.place = 'list'
  stored.count = countOf(state, stored)
}

function drop(state: QuestionsState, drops: readonly Seq[]): void {
  for (const seq of drops) {
    const stored = own(state.questions, seq)
    if (stored === undefined) continue
    state.voteCount -= Object.keys(stored.voters).length
    delete state.questions[seq]
  }
  if (drops.length > 0) state.bin = state.bin.filter((seq) => !drops.includes(seq))
}
