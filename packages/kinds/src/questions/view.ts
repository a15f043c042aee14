import type { Seq } from '../ids.ts'
import { own } from '../own.ts'
import type { Audience } from '../roles.ts'
import { isBinned } from './evolve.ts'
import { askedOf, questionAfter, questionOf } from './fold-question.ts'
import {
  QUESTIONS_LIMITS,
  type BinnedQuestion,
  type HeldQuestion,
  type Question,
  type QuestionsEntry,
  type QuestionsEntryOf,
  type QuestionsState,
  type QuestionsView,
  type StoredHeld,
  type StoredQuestion,
} from './model.ts'

type StaffPart = NonNullable<QuestionsView['staff']>

/** What someone of this audience sees who joins now. */
export function view(state: QuestionsState, audience: Audience): QuestionsView {
  const all = Object.values(state.questions)
  const shared = {
    questions: all.filter(({ place }) => place === 'list').map((stored) => shownTo(stored, audience)),
    hold: state.hold,
    closed: state.closed,
    anonymous: state.anonymous,
    tallies: state.tallies,
  }
  if (audience !== 'staff') return shared
  return {
    ...shared,
    staff: {
      held: state.held.map(heldOf),
      rejected: state.rejected.map(heldOf),
      bin: all.flatMap((stored) => binnedOf(stored)),
    },
  }
}

function shownTo({ shown, author }: StoredQuestion, audience: Audience): Question {
  return audience === 'staff' && shown.anonymous === 'audience' ? { ...shown, by: author } : shown
}

function heldOf({ seq, at, text, author, anonymous }: StoredHeld): HeldQuestion {
  const by = anonymous === 'everyone' ? null : author
  return { seq, at, text, by, ...(anonymous === undefined ? {} : { anonymous }) }
}

function binnedOf(stored: StoredQuestion): BinnedQuestion[] {
  const { place } = stored
  if (place === 'list') return []
  const question = shownTo(stored, 'staff')
  return [typeof place === 'string' ? { question, why: place } : { question, why: 'merged', into: place.into }]
}

/** The same view one entry later; unchanged parts are the same objects. */
export function evolveView(seen: QuestionsView, entry: QuestionsEntry): QuestionsView {
  switch (entry.type) {
    case 'ask': {
      const asked = askedOf(entry)
      return entry.body.held === true
        ? inStaff(seen, (staff) => ({ ...staff, held: [...staff.held, asked] }))
        : withQuestion(seen, questionOf(asked, entry.at))
    }
    case 'author':
      return eachQuestion(seen, entry.seq - 1, (question) => ({ ...question, by: entry.body.by }))
    case 'edit': {
      const { target, text } = entry.body
      const change = (held: HeldQuestion) => (held.seq === target ? { ...held, text } : held)
      return inStaff(seen, (staff) => ({ ...staff, held: staff.held.map(change) }))
    }
    case 'approve': {
      const { target, question } = entry.body
      const rest = inStaff(seen, (staff) => ({ ...staff, held: except(staff.held, target) }))
      return withQuestion(rest, questionOf({ seq: entry.seq, ...question }, entry.at))
    }
    case 'reject':
      return inStaff(seen, (staff) => rejecting(staff, entry))
    case 'unreject':
      return inStaff(seen, (staff) => unrejecting(staff, entry.body.target))
    case 'tally':
      return tallied(seen, entry)
    case 'mark': {
      const { target, as, drops } = entry.body
      const marked = isBinned(as) ? binned(seen, target, { why: as }) : about(seen, target, entry)
      return without(marked, drops ?? [])
    }
    case 'merge':
      return binned(seen, entry.body.target, { why: 'merged', into: entry.body.into })
    case 'restore':
      return restored(seen, entry.body.question)
    case 'pin':
    case 'reply':
    case 'unreply':
    case 'absorb':
    case 'release':
      return about(seen, entry.body.target, entry)
    case 'delete':
      return without(seen, entry.body.drops)
    case 'hold':
      return { ...seen, hold: entry.body.on }
    case 'close':
      return { ...seen, closed: entry.body.on }
    case 'yours':
    case 'edited':
    case 'rejected':
    case 'returned':
    case 'vote':
      return seen
  }
}

function inStaff(seen: QuestionsView, change: (staff: StaffPart) => StaffPart): QuestionsView {
  return seen.staff === undefined ? seen : { ...seen, staff: change(seen.staff) }
}

function except<T extends { seq: Seq }>(list: T[], seq: Seq): T[] {
  return list.filter((other) => other.seq !== seq)
}

function inOrder<T extends { seq: Seq }>(list: T[]): T[] {
  return list.toSorted((a, b) => a.seq - b.seq)
}

function withQuestion(seen: QuestionsView, question: Question): QuestionsView {
  return { ...seen, questions: inOrder([...except(seen.questions, question.seq), question]) }
}

/** Changes the question wherever it stands; keeps the view when it is not there. */
function eachQuestion(seen: QuestionsView, seq: Seq, change: (question: Question) => Question): QuestionsView {
  if (seen.questions.some((question) => question.seq === seq)) {
    const questions = seen.questions.map((question) => (question.seq === seq ? change(question) : question))
    return { ...seen, questions }
  }
  return inStaff(seen, (staff) => {
    const here = ({ question }: BinnedQuestion) => question.seq === seq
    if (!staff.bin.some(here)) return staff
    return { ...staff, bin: staff.bin.map((one) => (here(one) ? { ...one, question: change(one.question) } : one)) }
  })
}

function about(seen: QuestionsView, seq: Seq, entry: QuestionsEntry): QuestionsView {
  return eachQuestion(seen, seq, (question) => questionAfter(question, entry))
}

function rejecting(staff: StaffPart, { body }: QuestionsEntryOf<'reject'>): StaffPart {
  const held = except(staff.held, body.target)
  const question = staff.held.find(({ seq }) => seq === body.target)
  if (question === undefined || body.withdrawn === true) return { ...staff, held }
  return { ...staff, held, rejected: [...staff.rejected, question].slice(-QUESTIONS_LIMITS.rejected) }
}

function unrejecting(staff: StaffPart, target: Seq): StaffPart {
  const question = staff.rejected.find(({ seq }) => seq === target)
  if (question === undefined) return staff
  return { ...staff, rejected: except(staff.rejected, target), held: inOrder([...staff.held, question]) }
}

function tallied(seen: QuestionsView, { body }: QuestionsEntryOf<'tally'>): QuestionsView {
  const change = (question: Question) => ({ ...question, votes: own(body.votes, question.seq) ?? question.votes })
  return { ...seen, tallies: seen.tallies + 1, questions: seen.questions.map(change) }
}

function binned(seen: QuestionsView, target: Seq, why: Omit<BinnedQuestion, 'question'>): QuestionsView {
  const question = seen.questions.find(({ seq }) => seq === target)
  if (question === undefined) return seen
  const rest = { ...seen, questions: except(seen.questions, target) }
  const ordered = (bin: BinnedQuestion[]) => bin.toSorted((a, b) => a.question.seq - b.question.seq)
  return inStaff(rest, (staff) => ({ ...staff, bin: ordered([...staff.bin, { question, ...why }]) }))
}

function restored(seen: QuestionsView, question: Question): QuestionsView {
  // The entry is for everyone: who is behind it, staff know already.
  const known = seen.staff?.bin.find((one) => one.question.seq === question.seq)?.question.by ?? question.by
  const rest = inStaff(seen, (staff) => ({
    ...staff,
    bin: staff.bin.filter((one) => one.question.seq !== question.seq),
  }))
  return withQuestion(rest, { ...question, by: known })
}

function without(seen: QuestionsView, drops: readonly Seq[]): QuestionsView {
  if (drops.length === 0) return seen
  const rest = { ...seen, questions: seen.questions.filter(({ seq }) => !drops.includes(seq)) }
  const kept = ({ question }: BinnedQuestion) => !drops.includes(question.seq)
  return inStaff(rest, (staff) => ({ ...staff, bin: staff.bin.filter(kept) }))
}
