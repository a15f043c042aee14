import type { Seq, UserId } from '../ids.ts'
import { own } from '../own.ts'
import type { Audience } from '../roles.ts'
import { heldOf } from './evolve.ts'
import {
  CHAT_LIMITS,
  excerptOf,
  waitingWith,
  type ChatBodies,
  type ChatEntry,
  type ChatEntryOf,
  type ChatState,
  type ChatView,
  type HeldMessage,
  type Message,
  type StoredMessage,
} from './model.ts'

type StaffPart = NonNullable<ChatView['staff']>

/** What someone of this audience sees who joins now. */
export function view(state: ChatState, audience: Audience): ChatView {
  const shared: ChatView = {
    messages: state.recent.flatMap((seq) => shown(state, seq)),
    pins: state.pins.flatMap((seq) => shown(state, seq)),
    slowMs: state.slowMs,
    hold: state.hold,
  }
  if (audience !== 'staff') return shared
  const muted = (Object.keys(state.mutes) as UserId[]).map((user) => ({
    user,
    name: own(state.mutes, user)?.name ?? '',
    until: own(state.mutes, user)?.until ?? null,
  }))
  return {
    ...shared,
    staff: {
      held: [...state.held],
      muted: byUser(muted),
      banned: state.barred.map((user) => ({ user, name: own(state.banned, user) ?? '' })),
    },
  }
}

function shown(state: ChatState, seq: Seq): Message[] {
  const stored = own(state.messages, seq)
  return stored === undefined ? [] : [messageOf(stored)]
}

function messageOf({ reactions, withheld: _, ...message }: StoredMessage): Message {
  const counts: Record<string, number> = {}
  for (const emoji of Object.keys(reactions)) counts[emoji] = own(reactions, emoji)?.count ?? 0
  return { ...message, reactions: counts }
}

function byUser<T extends { user: UserId }>(list: T[]): T[] {
  return list.toSorted((a, b) => (a.user < b.user ? -1 : 1))
}

/** The same view one entry later; unchanged parts are the same objects. */
export function evolveView(seen: ChatView, entry: ChatEntry): ChatView {
  switch (entry.type) {
    case 'post':
      return entry.body.held === true
        ? inStaff(seen, (staff) => ({ ...staff, held: [...staff.held, heldOf(entry.seq, entry)] }))
        : withMessage(seen, heldOf(entry.seq, entry))
    case 'approve':
      return withMessage(withoutHeld(seen, entry.body.target), { seq: entry.seq, ...entry.body.message })
    case 'reject':
      return withoutHeld(seen, entry.body.target)
    case 'unreject': {
      const { target, message } = entry.body
      return inStaff(seen, (staff) => ({ ...staff, held: waitingWith(staff.held, { seq: target, ...message }) }))
    }
    case 'edit':
      return withText(seen, entry.body, (message) => ({ ...message, edited: true }))
    case 'delete':
      return withoutText(seen, entry.body)
    case 'restore':
      return withText(seen, entry.body, unremoved)
    case 'react':
      return withReaction(seen, entry.body)
    case 'pin':
      return withPin(seen, entry.body)
    case 'mute':
      return inStaff(seen, (staff) => ({ ...staff, muted: mutedAfter(staff.muted, entry) }))
    case 'ban':
      return inStaff(seen, (staff) => ({ ...staff, banned: bannedAfter(staff.banned, entry.body) }))
    case 'slow':
      return { ...seen, slowMs: entry.body.ms }
    case 'hold':
      return { ...seen, hold: entry.body.on }
    case 'waiting':
    case 'muted':
    case 'rejected':
    case 'returned':
      return seen
  }
}

function inStaff(seen: ChatView, change: (staff: StaffPart) => StaffPart): ChatView {
  return seen.staff === undefined ? seen : { ...seen, staff: change(seen.staff) }
}

function withoutHeld(seen: ChatView, target: Seq): ChatView {
  return inStaff(seen, (staff) => ({ ...staff, held: staff.held.filter((message) => message.seq !== target) }))
}

function find(seen: ChatView, seq: Seq): Message | undefined {
  return seen.messages.find((message) => message.seq === seq) ?? seen.pins.find((message) => message.seq === seq)
}

function withMessage(seen: ChatView, { replyTo, ...fresh }: HeldMessage): ChatView {
  const message: Message = { ...fresh, reactions: {} }
  if (replyTo !== undefined) message.replyTo = { ...replyTo, excerpt: excerptOf(find(seen, replyTo.seq)?.text ?? '') }
  const full = seen.messages.length >= CHAT_LIMITS.recentMessages
  return { ...seen, messages: [...(full ? seen.messages.slice(1) : seen.messages), message] }
}

/** Changes every message that `change` answers with another object; keeps the view when there is none. */
function eachMessage(seen: ChatView, change: (message: Message) => Message): ChatView {
  const messages = mapped(seen.messages, change)
  const pins = mapped(seen.pins, change)
  return messages === seen.messages && pins === seen.pins ? seen : { ...seen, messages, pins }
}

function mapped(list: Message[], change: (message: Message) => Message): Message[] {
  let copy: Message[] | null = null
  for (const [index, message] of list.entries()) {
    const changed = change(message)
    if (changed === message) continue
    copy ??= [...list]
    copy[index] = changed
  }
  return copy ?? list
}

function quoting(message: Message, target: Seq, excerpt: string): Message {
  const { replyTo } = message
  if (replyTo?.seq !== target || replyTo.excerpt === excerpt) return message
  return { ...message, replyTo: { ...replyTo, excerpt } }
}

function withText(
  seen: ChatView,
  { target, text }: ChatBodies['edit'],
  change: (message: Message) => Message,
): ChatView {
  const excerpt = excerptOf(text)
  return eachMessage(seen, (message) =>
    message.seq === target ? { ...change(message), text } : quoting(message, target, excerpt),
  )
}

function unremoved(message: Message): Message {
  const { removed: _, ...rest } = message
  return rest
}

function withoutText(seen: ChatView, { target, removed }: ChatBodies['delete']): ChatView {
  const without = eachMessage(seen, (message) => {
    if (message.seq !== target) return quoting(message, target, '')
    const { pinned: _, ...rest } = message
    return { ...rest, text: '', removed, reactions: {} }
  })
  return unpinned(without, target)
}

function unpinned(seen: ChatView, target: Seq): ChatView {
  const pins = seen.pins.filter((message) => message.seq !== target)
  return pins.length === seen.pins.length ? seen : { ...seen, pins }
}

function withReaction(seen: ChatView, { target, emoji, on }: ChatBodies['react']): ChatView {
  return eachMessage(seen, (message) => {
    if (message.seq !== target) return message
    const { [emoji]: before = 0, ...others } = message.reactions
    const count = before + (on ? 1 : -1)
    return { ...message, reactions: count > 0 ? { ...others, [emoji]: count } : others }
  })
}

function withPin(seen: ChatView, { target, on }: ChatBodies['pin']): ChatView {
  const message = find(seen, target)
  if (message === undefined) return seen
  const { pinned: _, ...bare } = message
  const changed: Message = on ? { ...bare, pinned: true } : bare
  const marked = eachMessage(seen, (other) => (other.seq === target ? changed : other))
  return on ? { ...marked, pins: [...marked.pins, changed] } : unpinned(marked, target)
}

function mutedAfter(muted: StaffPart['muted'], { body }: ChatEntryOf<'mute'>): StaffPart['muted'] {
  const gone = new Set([body.user, ...(body.ended ?? [])])
  const others = muted.filter(({ user }) => !gone.has(user))
  return body.on ? byUser([...others, { user: body.user, name: body.name, until: body.until }]) : others
}

function bannedAfter(banned: StaffPart['banned'], { user, name, on }: ChatBodies['ban']): StaffPart['banned'] {
  return on ? [...banned, { user, name }] : banned.filter((other) => other.user !== user)
}
