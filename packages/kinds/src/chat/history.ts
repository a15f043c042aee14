import type { Seq } from '../ids.ts'
import type { Visibility } from '../kind.ts'
import { isForAll, type ChatEntry } from './model.ts'

/** Who may see an entry of a chat. */
export function visibility(entry: ChatEntry): Visibility {
  if (isForAll(entry)) return 'everyone'
  if (entry.type === 'waiting') return entry.by === null ? 'nobody' : { only: entry.by.id }
  if (entry.type === 'muted' || entry.type === 'rejected' || entry.type === 'returned') return { only: entry.body.user }
  return 'staff'
}

/** The message that an entry changes. */
export function about(entry: ChatEntry): Seq | null {
  const { type } = entry
  const changes = type === 'edit' || type === 'delete' || type === 'restore' || type === 'react' || type === 'pin'
  return changes ? entry.body.target : null
}

/** The body without its words, when the message that it speaks of ended up removed. */
export function conceal(entry: ChatEntry, amendments: readonly ChatEntry[]): ChatEntry['body'] | null {
  const message = about(entry) ?? entry.seq
  const last = amendments.findLast(
    (later) => (later.type === 'delete' || later.type === 'restore') && later.body.target === message,
  )
  if (last?.type !== 'delete') return null
  if (entry.type === 'post' || entry.type === 'edit' || entry.type === 'restore') return { ...entry.body, text: '' }
  if (entry.type === 'approve') return { ...entry.body, message: { ...entry.body.message, text: '' } }
  return null
}
