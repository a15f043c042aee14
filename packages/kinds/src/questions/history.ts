import type { Seq } from '../ids.ts'
import type { Visibility } from '../kind.ts'
import type { QuestionsEntry } from './model.ts'

/** Who may see an entry of a room for questions. */
export function visibility(entry: QuestionsEntry): Visibility {
  switch (entry.type) {
    case 'ask':
      return entry.body.held === true ? 'staff' : 'everyone'
    case 'author':
      return entry.body.sees
    case 'edit':
    case 'reject':
    case 'unreject':
      return 'staff'
    case 'yours':
    case 'edited':
    case 'vote':
      return entry.by === null ? 'nobody' : { only: entry.by.id }
    case 'rejected':
    case 'returned':
      return { only: entry.body.user }
    default:
      return 'everyone'
  }
}

/** The question that an entry changes. */
export function about(entry: QuestionsEntry): Seq | null {
  switch (entry.type) {
    case 'author':
      return entry.seq - 1
    case 'mark':
    case 'restore':
    case 'pin':
    case 'reply':
    case 'unreply':
    case 'merge':
    case 'absorb':
    case 'release':
    case 'delete':
      return entry.body.target
    default:
      return null
  }
}

/** The body without its words, when the question that it speaks of ended up dismissed or deleted, or the reply taken back. */
export function conceal(entry: QuestionsEntry, amendments: readonly QuestionsEntry[]): QuestionsEntry['body'] | null {
  const gone = isGone(amendments)
  const unreplied = new Set(amendments.flatMap(({ type, body }) => (type === 'unreply' ? [body.reply] : [])))
  switch (entry.type) {
    case 'ask':
      return gone ? { ...entry.body, text: '' } : null
    case 'approve':
      return gone ? { ...entry.body, question: { ...entry.body.question, text: '' } } : null
    case 'reply':
      return gone || unreplied.has(entry.seq) ? { ...entry.body, text: '' } : null
    case 'restore': {
      const { question } = entry.body
      const replies = question.replies.map((reply) =>
        gone || unreplied.has(reply.seq) ? { ...reply, text: '' } : reply,
      )
      return { ...entry.body, question: { ...question, text: gone ? '' : question.text, replies } }
    }
    default:
      return null
  }
}

function isGone(amendments: readonly QuestionsEntry[]): boolean {
  const last = amendments.findLast(
    ({ type, body }) => type === 'delete' || type === 'restore' || (type === 'mark' && body.as === 'dismissed'),
  )
  return last !== undefined && last.type !== 'restore'
}
