import type { Seq, UserId } from '../ids.ts'
import type { Author } from '../kind.ts'
import { own } from '../own.ts'
import { audienceOf } from '../roles.ts'
import {
  CHAT_LIMITS,
  excerptOf,
  isForAll,
  waitingWith,
  type ChatBodies,
  type ChatEntry,
  type ChatEntryOf,
  type ChatSettings,
  type ChatState,
  type HeldMessage,
  type Person,
  type StoredMessage,
} from './model.ts'

/** An empty chat. */
export function initial(settings: ChatSettings): ChatState {
  return {
    slowMs: settings.slowMs,
    hold: settings.hold,
    head: 0,
    clock: 0,
    messages: {},
    recent: [],
    pins: [],
    held: [],
    rejected: [],
    reactionCount: 0,
    mutes: {},
    banned: {},
    barred: [],
    waits: {},
    waitCount: 0,
    waitsEndFrom: 0,
    staffSeen: {},
  }
}

/** Folds one entry into the state, in place; what it costs does not grow with the number of messages. */
export function evolve(state: ChatState, entry: ChatEntry): ChatState {
  state.head = entry.seq
  rememberStaff(state, entry.by)
  if (isForAll(entry)) {
    state.clock = entry.at
    if (state.waitCount >= CHAT_LIMITS.slowed) forgetEndedWaits(state)
  }
  apply(state, entry)
  return state
}

function apply(state: ChatState, entry: ChatEntry): void {
  switch (entry.type) {
    case 'post':
      return post(state, entry)
    case 'approve':
      return approve(state, entry)
    case 'reject':
      return reject(state, entry)
    case 'unreject':
      return unreject(state, entry.body)
    case 'edit':
      return edit(state, entry.body)
    case 'delete':
      return remove(state, entry.body)
    case 'restore':
      return restore(state, entry.body)
    case 'react':
      return react(state, entry.body, personOf(entry.by).id)
    case 'pin':
      return pin(state, entry.body)
    case 'mute':
      return mute(state, entry.body)
    case 'ban':
      return ban(state, entry.body)
    case 'slow':
      return slow(state, entry)
    case 'hold':
      state.hold = entry.body.on
      return
    // These repeat to one person what the entry before them said.
    case 'waiting':
    case 'muted':
    case 'rejected':
    case 'returned':
      return
  }
}

/** The person behind an entry that only a person can cause. Throws when the log says otherwise. */
function personOf(by: Author): Person {
  if (by === null || by.role === 'system') throw new Error('A chat entry has no person behind it.')
  return { id: by.id, name: by.name, role: by.role }
}

function rememberStaff(state: ChatState, by: Author): void {
  if (by === null || by.role === 'system') return
  const known = Object.hasOwn(state.staffSeen, by.id)
  if (audienceOf(by.role) !== 'staff') {
    if (known) delete state.staffSeen[by.id]
  } else if (!known && Object.keys(state.staffSeen).length < CHAT_LIMITS.staffSeen) state.staffSeen[by.id] = true
}

/** What a post's entry says as a message that waits. Shared with the views, so that both read it alike. */
export function heldOf(seq: Seq, entry: ChatEntryOf<'post'> | ChatEntryOf<'waiting'>): HeldMessage {
  const { text, mentions, replyTo } = entry.body
  const held: HeldMessage = { seq, at: entry.at, by: personOf(entry.by), text, mentions: mentions ?? [] }
  if (replyTo !== undefined) held.replyTo = replyTo
  return held
}

function post(state: ChatState, entry: ChatEntryOf<'post'>): void {
  const by = personOf(entry.by)
  const { nextAt, held } = entry.body
  if (nextAt !== undefined) {
    if (!Object.hasOwn(state.waits, by.id)) state.waitCount += 1
    state.waitsEndFrom = state.waitCount === 1 ? nextAt : Math.min(state.waitsEndFrom, nextAt)
    state.waits[by.id] = nextAt
  }
  if (held === true) state.held.push(heldOf(entry.seq, entry))
  else add(state, heldOf(entry.seq, entry))
}

function approve(state: ChatState, entry: ChatEntryOf<'approve'>): void {
  unhold(state, entry.body.target)
  add(state, { seq: entry.seq, ...entry.body.message })
}

function reject(state: ChatState, { body: { target }, by }: ChatEntryOf<'reject'>): void {
  const message = state.held.find(({ seq }) => seq === target)
  unhold(state, target)
  // What its author took back stays away.
  if (message === undefined || by?.id === message.by.id) return
  state.rejected.push(message)
  if (state.rejected.length > CHAT_LIMITS.rejected) state.rejected.shift()
}

function unreject(state: ChatState, { target, message }: ChatBodies['unreject']): void {
  state.rejected = state.rejected.filter(({ seq }) => seq !== target)
  state.held = waitingWith(state.held, { seq: target, ...message })
}

function unhold(state: ChatState, target: Seq): void {
  const index = state.held.findIndex((message) => message.seq === target)
  if (index >= 0) state.held.splice(index, 1)
}

function add(state: ChatState, { seq, at, by, text, mentions, replyTo }: HeldMessage): void {
  const message: StoredMessage = { seq, at, by, text, mentions, reactions: {} }
  if (replyTo !== undefined)
    message.replyTo = { ...replyTo, excerpt: excerptOf(own(state.messages, replyTo.seq)?.text ?? '') }
  state.messages[message.seq] = message
  state.recent.push(message.seq)
  if (state.recent.length <= CHAT_LIMITS.recentMessages) return
  const oldest = state.recent.shift()
  if (oldest !== undefined && own(state.messages, oldest)?.pinned !== true) forget(state, oldest)
}

function forget(state: ChatState, seq: Seq): void {
  const message = own(state.messages, seq)
  if (message === undefined) return
  dropReactions(state, message)
  delete state.messages[seq]
}

function dropReactions(state: ChatState, message: StoredMessage): void {
  for (const reaction of Object.values(message.reactions)) state.reactionCount -= reaction.count
  message.reactions = {}
}

function edit(state: ChatState, { target, text }: ChatBodies['edit']): void {
  const message = own(state.messages, target)
  if (message === undefined) return
  message.text = text
  message.edited = true
  requote(state, target, text)
}

/** Answers in sight follow the words that they quote: what is removed is removed from there too. */
function requote(state: ChatState, target: Seq, text: string): void {
  const excerpt = excerptOf(text)
  for (const seq of state.recent) requoteOne(own(state.messages, seq), target, excerpt)
  for (const seq of state.pins) requoteOne(own(state.messages, seq), target, excerpt)
}

function requoteOne(message: StoredMessage | undefined, target: Seq, excerpt: string): void {
  if (message?.replyTo?.seq === target) message.replyTo = { ...message.replyTo, excerpt }
}

function remove(state: ChatState, { target, removed }: ChatBodies['delete']): void {
  requote(state, target, '')
  const message = own(state.messages, target)
  if (message === undefined) return
  dropReactions(state, message)
  if (removed === 'staff') message.withheld = message.text
  else delete message.withheld
  message.text = ''
  message.removed = removed
  if (message.pinned === true) unpin(state, message)
}

function restore(state: ChatState, { target, text }: ChatBodies['restore']): void {
  const message = own(state.messages, target)
  if (message === undefined) return
  message.text = text
  delete message.removed
  delete message.withheld
  requote(state, target, text)
}

function react(state: ChatState, { target, emoji, on }: ChatBodies['react'], user: UserId): void {
  const message = own(state.messages, target)
  if (message === undefined) return
  const reaction = own(message.reactions, emoji)
  if (on) {
    if (reaction === undefined) message.reactions[emoji] = { count: 1, who: { [user]: true } }
    else {
      reaction.count += 1
      reaction.who[user] = true
    }
    state.reactionCount += 1
  } else if (reaction !== undefined) {
    reaction.count -= 1
    delete reaction.who[user]
    if (reaction.count === 0) delete message.reactions[emoji]
    state.reactionCount -= 1
  }
}

function pin(state: ChatState, { target, on }: ChatBodies['pin']): void {
  const message = own(state.messages, target)
  if (message === undefined) return
  if (!on) return unpin(state, message)
  message.pinned = true
  state.pins.push(target)
}

function unpin(state: ChatState, message: StoredMessage): void {
  delete message.pinned
  state.pins = state.pins.filter((seq) => seq !== message.seq)
  if (message.seq < (state.recent[0] ?? 0)) forget(state, message.seq)
}

function mute(state: ChatState, { user, name, on, until, ended }: ChatBodies['mute']): void {
  for (const other of ended ?? []) delete state.mutes[other]
  if (on) state.mutes[user] = { name, until }
  else delete state.mutes[user]
}

function ban(state: ChatState, { user, name, on }: ChatBodies['ban']): void {
  if (on) {
    state.banned[user] = name
    state.barred = [...state.barred, user]
  } else {
    delete state.banned[user]
    state.barred = state.barred.filter((other) => other !== user)
  }
}

function slow(state: ChatState, { at, body }: ChatEntryOf<'slow'>): void {
  state.slowMs = body.ms
  for (const user of Object.keys(state.waits) as UserId[])
    state.waits[user] = Math.min(own(state.waits, user) ?? 0, at + body.ms)
  state.waitsEndFrom = Math.min(state.waitsEndFrom, at + body.ms)
  forgetEndedWaits(state)
}

function forgetEndedWaits(state: ChatState): void {
  if (state.waitsEndFrom > state.clock) return
  let first = Number.MAX_SAFE_INTEGER
  for (const user of Object.keys(state.waits) as UserId[]) {
    const wait = own(state.waits, user) ?? 0
    if (wait > state.clock) first = Math.min(first, wait)
    else {
      delete state.waits[user]
      state.waitCount -= 1
    }
  }
  state.waitsEndFrom = first
}
