import type { CommandId, Millis, Seq, UserId } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import type { EntryOf } from '../kind.ts'
import type { Role } from '../roles.ts'

/** What a document may hold, units last in the name. */
export const DOCUMENT_LIMITS = {
  /** Body of one command that carries a Yjs update. */
  commandBytes: LIMITS.documentCommandBytes,
  /** The merged document, as the base64url of its Yjs update. */
  contentChars: 5_500_000,
  /** Editing sessions (Yjs client ids) whose writing is in the document. */
  sessions: 50_000,
  /** Recent updates beside the merged ones, and their text: past either they are merged. */
  tailUpdates: 500,
  tailChars: 64 * 1024,
  threads: 500,
  comments: 2_000,
  commentChars: 2_000,
  /** Of all comments and quotes together. */
  commentsChars: 400_000,
  quoteChars: 300,
  anchorChars: 512,
  mentions: 20,
  versions: 500,
  versionNameChars: 120,
  /** Persons with a right of their own. */
  people: 1_000,
  /** One awareness message: cursors, selections, names, colours. */
  awarenessChars: 8_192,
} as const

/** What one may do with a document, the least first. */
export const LEVELS = ['none', 'view', 'comment', 'edit'] as const
export type Level = (typeof LEVELS)[number]
/** Levels that can be given to a whole role: who is in the room can read it. */
export const ROLE_LEVELS = ['view', 'comment', 'edit'] as const
export type RoleLevel = (typeof ROLE_LEVELS)[number]
/** What each role may do until that is changed. Owners and producers may do anything. */
export const FIRST_LEVELS: Readonly<Record<Role, RoleLevel>> = {
  owner: 'edit',
  producer: 'edit',
  moderator: 'edit',
  speaker: 'edit',
  attendee: 'comment',
}

/** Base64url of an encoded Yjs update (format 1). */
export type YUpdate = string
/** Base64url of an encoded Yjs relative position. */
export type YPosition = string

export interface Person {
  id: UserId
  name: string
}

/** The text itself: updates merged to parts, the oldest and longest first, and what came after them. */
export interface Content {
  parts: YUpdate[]
  tail: YUpdate[]
  tailChars: number
  /** By Yjs client id: how far its writing is known, and whose it is (an index into `people`). */
  sessions: Record<string, [clock: number, person: number]>
  sessionCount: number
  people: Person[]
}

export interface Sharing {
  roles: Record<Role, RoleLevel>
  /** Persons whose level differs from their role's. */
  people: Record<UserId, Level>
}

export type ThreadId = CommandId

/** From where to where in the text, wherever that moves. */
export interface Anchor {
  from: YPosition
  to: YPosition
}

export interface Comment {
  id: CommandId
  /** Its entry in the log. */
  seq: Seq
  by: Person
  at: Millis
  text: string
  mentions: UserId[]
  editedAt: Millis | null
}
export interface Thread {
  id: ThreadId
  /** Null: about the whole document. */
  anchor: Anchor | null
  /** The text that it is about, as it was then. */
  quote: string
  resolved: { by: Person; at: Millis } | null
  /** The first one begins it. */
  comments: Comment[]
}

/** A moment that was given a name; the content is that of the log up to `seq`. */
export interface Version {
  id: CommandId
  name: string
  seq: Seq
  at: Millis
  by: Person
}

export interface DocumentSettings {
  roles: Record<Role, RoleLevel>
}

/** Everything about a document but its text: what the view shows. */
export interface Margin {
  sharing: Sharing
  threads: Thread[]
  versions: Version[]
}

export interface DocumentState extends Margin {
  content: Content
  barred: UserId[]
  /** Owners and producers, as far as they did something here. */
  leads: UserId[]
}

/** The text is told once, as the room's content; the view is all the rest. */
export type DocumentView = Margin

/** What someone who joins gets of the text. Merge `base` and `tail`, then each `update` and `restored` entry that follows. */
export interface DocumentContent {
  base: YUpdate
  tail: YUpdate[]
  /** Who wrote: an index into `people` by Yjs client id. An entry's own client ids that are not here are its author's. */
  sessions: Record<string, number>
  people: Person[]
}

export interface DocumentBodies {
  update: { update: YUpdate }
  /** The content of an earlier moment again, as an update onto the present one. */
  restored: { update: YUpdate; from: Seq; name: string | null }
  comment: { anchor: Anchor | null; quote: string; text: string; mentions: UserId[] }
  /** `others`: who took part in the thread so far. */
  reply: { thread: ThreadId; text: string; mentions: UserId[]; others: UserId[] }
  /** `target`: the entry of the comment that is meant. */
  /** `mentioned`: those whom it did not mention before. */
  editComment: {
    thread: ThreadId
    comment: CommandId
    target: Seq
    text: string
    mentions: UserId[]
    mentioned: UserId[]
  }
  deleteComment: { thread: ThreadId; comment: CommandId; target: Seq }
  resolve: { thread: ThreadId }
  reopen: { thread: ThreadId }
  version: { name: string }
  renameVersion: { version: CommandId; name: string }
  deleteVersion: { version: CommandId }
  share: { role: Role; level: RoleLevel } | { user: UserId; level: Level | null }
}
export type DocumentEntry = EntryOf<DocumentBodies>
