import type { CommandId, EventId, Millis, RoomId, Seq, UserId } from '../ids.ts'
import type { EntryOf, Notice } from '../kind.ts'

/** What an inbox may hold, units last in the name. */
export const INBOX_LIMITS = {
  /** The newest; older ones leave the state, and stay in the log. */
  notices: 200,
  quoteChars: 200,
} as const

/** A notice as it lies in an inbox. */
export interface KeptNotice {
  id: CommandId
  seq: Seq
  at: Millis
  what: Notice['what']
  by: { id: UserId; name: string }
  /** Where it was said. */
  event: EventId
  room: RoomId
  title: string
  /** The beginning of what was said. */
  quote: string
  /** The one thing in the room that it is about, such as a comment's thread. */
  item: string | null
  read: boolean
}

export type NoticeBody = Omit<KeptNotice, 'id' | 'seq' | 'at' | 'read'>

export interface InboxView {
  /** Oldest first. */
  notices: KeptNotice[]
  unread: number
}
export type InboxState = InboxView

export interface InboxBodies {
  notice: NoticeBody
  /** All up to this one. */
  read: { through: Seq }
  readOne: { notice: CommandId }
}
export type InboxEntry = EntryOf<InboxBodies>
