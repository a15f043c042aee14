import type { Millis, Seq, UserId } from '../ids.ts'
import type { Entry, EntryOf } from '../kind.ts'
import type { Role } from '../roles.ts'

/** Every bound of a chat, units last in the name. At each the command is refused, unless it says otherwise. */
export const CHAT_LIMITS = {
  /** Newest messages in the state; an older one can no longer be edited, reacted to, pinned or restored. */
  recentMessages: 100,
  pins: 10,
  held: 500,
  heldPerPerson: 20,
  /** Rejected ones that can be had back; past it the first of them leaves the state. */
  rejected: 30,
  mutes: 10_000,
  bans: 10_000,
  /** People with a slow-mode wait at one time. */
  slowed: 20_000,
  /** Staff remembered by what they did here; past it the earliest remembered stay. */
  staffSeen: 1_000,
  /** Reactions in the state, over all its messages. */
  reactions: 50_000,
  emojiPerMessage: 12,
  mentions: 20,
  textChars: 2_000,
  excerptChars: 80,
  slowMs: 60 * 60 * 1_000,
  muteMs: 30 * 24 * 60 * 60 * 1_000,
  typingPerSecond: 2,
  /** Ended mutes that one `mute` entry clears away. */
  clearedMutes: 100,
} as const

export interface ChatSettings {
  /** Least milliseconds between two posts of one person; 0 for none. */
  slowMs: Millis
  /** Posts wait until staff approve them. */
  hold: boolean
}

/** Whose words a message is. */
export interface Person {
  id: UserId
  name: string
  role: Role
}

/** What a message answers; `excerpt` is empty when that message is gone or out of sight. */
export interface Quote {
  seq: Seq
  name: string
  excerpt: string
}

export interface Message {
  /** The seq of the entry that made it visible: its `post`, or its `approve`. */
  seq: Seq
  at: Millis
  by: Person
  /** Plain text; empty once removed. */
  text: string
  mentions: UserId[]
  replyTo?: Quote
  edited?: true
  removed?: 'author' | 'staff'
  pinned?: true
  /** How many reacted, by emoji. */
  reactions: Record<string, number>
}

/** A post that waits for approval. */
export interface HeldMessage {
  seq: Seq
  at: Millis
  by: Person
  text: string
  mentions: UserId[]
  /** What it answers, without the words: they are looked up when it is approved. */
  replyTo?: Omit<Quote, 'excerpt'>
}

export interface MutedPerson {
  user: UserId
  name: string
  /** Null: until someone lifts it. May have passed. */
  until: Millis | null
}

export interface BannedPerson {
  user: UserId
  name: string
}

export interface ChatView {
  /** The newest, ascending by seq. */
  messages: Message[]
  /** In the order of pinning. */
  pins: Message[]
  slowMs: Millis
  hold: boolean
  /** In the staff's view alone. */
  staff?: { held: HeldMessage[]; muted: MutedPerson[]; banned: BannedPerson[] }
}

export interface ChatMine {
  /** When the mute ends; true: when someone lifts it; null: not muted. A time in the past is no mute. */
  muted: Millis | true | null
  /** My own posts that wait for approval. */
  held: HeldMessage[]
  /** My reactions, by message. */
  reacted: Record<Seq, string[]>
  /** Slow mode lets me post again then; 0 or a time in the past: now. */
  nextPostAt: Millis
}

/** The words of a post, as the log keeps them: of a quoted message only its place and author, never its text. */
export interface PostBody {
  text: string
  mentions?: UserId[]
  replyTo?: Omit<Quote, 'excerpt'>
  /** When slow mode lets the author post again. */
  nextAt?: Millis
}

/** What happens in a chat. */
export interface ChatBodies {
  /** Visible to everyone, or while `held` to staff. */
  post: PostBody & { held?: true; drops?: Seq }
  /** Tells the author alone of the held post right before it in the log. */
  waiting: PostBody
  edit: { target: Seq; text: string }
  delete: { target: Seq; removed: 'author' | 'staff' }
  restore: { target: Seq; text: string }
  react: { target: Seq; emoji: string; on: boolean }
  pin: { target: Seq; on: boolean; drops?: Seq }
  mute: { user: UserId; name: string; on: boolean; until: Millis | null; ended?: UserId[] }
  /** Tells the muted person alone. */
  muted: { user: UserId; on: boolean; until: Millis | null }
  ban: { user: UserId; name: string; on: boolean }
  slow: { ms: Millis }
  hold: { on: boolean }
  /** Makes a held post a message: `drops`, here and above, names the message whose reactions leave the state with it. */
  approve: { target: Seq; message: Omit<HeldMessage, 'seq'>; drops?: Seq }
  reject: { target: Seq }
  /** What staff turned down waits again. */
  unreject: { target: Seq; message: Omit<HeldMessage, 'seq'> }
  /** These two tell the author alone. */
  rejected: { target: Seq; user: UserId }
  returned: { target: Seq; user: UserId; message: Omit<HeldMessage, 'seq'> }
}
export type ChatEntry = EntryOf<ChatBodies>
export type ChatEntryOf<T extends keyof ChatBodies> = Entry<T, ChatBodies[T]>

/** Who reacted with one emoji. */
export interface Reaction {
  count: number
  who: Record<UserId, true>
}

/** A message as the state keeps it. */
export interface StoredMessage extends Omit<Message, 'reactions'> {
  reactions: Record<string, Reaction>
  /** What staff removed and may restore. */
  withheld?: string
}

/** Plain JSON and bounded: maps are records, so that a snapshot is the state itself. */
export interface ChatState extends ChatSettings {
  /** The newest entry's seq. */
  head: Seq
  /** Time of the newest entry that everyone saw: waits and mutes that ended before it count as gone. */
  clock: Millis
  /** Every message in the state, by seq: the recent ones and the pins. */
  messages: Record<Seq, StoredMessage>
  /** Ascending. */
  recent: Seq[]
  pins: Seq[]
  held: HeldMessage[]
  /** What staff turned down, in the order of rejecting. */
  rejected: HeldMessage[]
  reactionCount: number
  mutes: Record<UserId, { name: string; until: Millis | null }>
  /** Names of the banned. */
  banned: Record<UserId, string>
  /** The banned, in order; a new array with every change. */
  barred: readonly UserId[]
  /** Slow mode: who may post again when. */
  waits: Record<UserId, Millis>
  waitCount: number
  /** No wait ends before it. */
  waitsEndFrom: Millis
  staffSeen: Record<UserId, true>
}

/** A message more among those that wait, in the order of posting. */
export function waitingWith(held: readonly HeldMessage[], message: HeldMessage): HeldMessage[] {
  const index = held.findIndex(({ seq }) => seq > message.seq)
  return held.toSpliced(index < 0 ? held.length : index, 0, message)
}

/** The beginning of a text, on one line. */
export function excerptOf(text: string): string {
  const line = text.replace(/\s+/gu, ' ')
  // Two units a character at most, so that only a beginning has to be taken apart.
  const chars = Array.from(line.slice(0, CHAT_LIMITS.excerptChars * 2 + 2))
  return chars.length <= CHAT_LIMITS.excerptChars ? line : `${chars.slice(0, CHAT_LIMITS.excerptChars - 1).join('')}…`
}

/** What goes to everyone; the rest to staff or to one person. */
const FOR_ALL = {
  post: true,
  waiting: false,
  edit: true,
  delete: true,
  restore: true,
  react: true,
  pin: true,
  mute: false,
  muted: false,
  ban: false,
  slow: true,
  hold: true,
  approve: true,
  reject: false,
  unreject: false,
  rejected: false,
  returned: false,
} as const satisfies Record<keyof ChatBodies, boolean>

/** Entries that everyone in the room gets, judged by the entry alone. */
export function isForAll(entry: ChatEntry): boolean {
  return entry.type === 'post' ? entry.body.held !== true : FOR_ALL[entry.type]
}
