import type { Seq } from '../ids.ts'
import type { Author } from '../kind.ts'
import type { HeldQuestion, Person, Question, QuestionsEntry, QuestionsEntryOf } from './model.ts'

/** How single questions change, in the state and in every view alike. */

/** The person behind an entry that only a person can cause. Throws when the log says otherwise. */
export function personOf(by: Author): Person {
  if (by === null || by.role === 'system') throw new Error('An entry of a question has no person behind it.')
  return { id: by.id, name: by.name, role: by.role }
}

/** A question at the moment it comes in sight. */
export function questionOf({ seq, at, text, by, anonymous }: HeldQuestion, since: number): Question {
  return {
    seq,
    at,
    text,
    by,
    ...(anonymous === undefined ? {} : { anonymous }),
    status: 'open',
    since,
    votes: 0,
    replies: [],
    merged: [],
  }
}

/** What an `ask` says, as a question or as one that waits. */
export function askedOf(entry: QuestionsEntryOf<'ask'>): HeldQuestion {
  const { text, anonymous } = entry.body
  const by = entry.by === null ? null : personOf(entry.by)
  return { seq: entry.seq, at: entry.at, text, by, ...(anonymous === undefined ? {} : { anonymous }) }
}

/** The question after an entry about it; the same object when the entry changes nothing of what is shown. */
export function questionAfter(question: Question, entry: QuestionsEntry): Question {
  switch (entry.type) {
    case 'mark': {
      const { as } = entry.body
      // Out of sight it stays as it was, so that it can come back like that.
      return as === 'archived' || as === 'dismissed' ? question : { ...question, status: as, since: entry.at }
    }
    case 'pin': {
      const { pinned: _, ...bare } = question
      return entry.body.on ? { ...bare, pinned: entry.at } : bare
    }
    case 'reply': {
      const reply = { seq: entry.seq, at: entry.at, by: personOf(entry.by), text: entry.body.text }
      return { ...question, replies: [...question.replies, reply] }
    }
    case 'unreply': {
      const { reply } = entry.body
      return { ...question, replies: question.replies.filter(({ seq }) => seq !== reply) }
    }
    case 'absorb':
      return { ...question, merged: [...question.merged, entry.body.other] }
    case 'release':
      return { ...question, merged: withoutSeq(question.merged, entry.body.other) }
    default:
      return question
  }
}

function withoutSeq(list: readonly Seq[], seq: Seq): Seq[] {
  return list.filter((other) => other !== seq)
}
