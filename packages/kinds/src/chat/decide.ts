import type { Millis, Seq } from '../ids.ts'
import type { Actor, Decision, Draft, Refusal } from '../kind.ts'
import { own } from '../own.ts'
import { audienceOf } from '../roles.ts'
import type { ChatCommand, ChatCommandBody } from './commands.ts'
import { CHAT_LIMITS, type ChatBodies, type ChatState, type HeldMessage, type Person, type PostBody } from './model.ts'
import { decideBan, decideMute, muteEndsIn } from './moderate.ts'

type Outcome = Decision<ChatBodies> | Refusal
type Body<T extends ChatCommand['type']> = ChatCommandBody<T>

const NOTHING: Decision<ChatBodies> = { entries: [] }

function yes(...entries: Draft<ChatBodies>[]): Outcome {
  return { entries }
}

function no(refused: string, message: string): Refusal {
  return { refused, message }
}

const GONE = no('gone', 'That message is too old to change, or was never here.')
const REMOVED = no('removed', 'That message was removed.')
const NOT_HELD = no('not_held', 'That message does not wait for approval any more.')

/** What a chat says to a command. Knows the actor's role: staff are never slowed, held, muted or banned. */
export function decide(state: ChatState, command: ChatCommand, by: Actor, now: Millis): Outcome {
  if (by.role === 'system') return no('not_a_person', 'Only people talk here.')
  const staff = audienceOf(by.role) === 'staff'
  if (!staff && Object.hasOwn(state.banned, by.id)) return no('banned', 'You are banned from this chat.')
  const person: Person = { id: by.id, name: by.name, role: by.role }
  const mute = staff ? null : muteEndsIn(state, by.id, now)
  if (mute !== null && (command.type === 'post' || command.type === 'edit' || command.type === 'react')) return mute
  switch (command.type) {
    case 'post':
      return decidePost(state, command.body, person, staff, now)
    case 'edit':
      return decideEdit(state, command.body, person, staff)
    case 'delete':
      return decideDelete(state, command.body.target, person, staff)
    case 'restore':
      return decideRestore(state, command.body.target)
    case 'react':
      return decideReact(state, command.body, person)
    case 'pin':
      return decidePin(state, command.body)
    case 'mute':
      return decideMute(state, command.body, person, now)
    case 'ban':
      return decideBan(state, command.body, person)
    case 'slow':
      return command.body.ms === state.slowMs ? NOTHING : yes({ type: 'slow', body: { ms: command.body.ms } })
    case 'hold':
      return command.body.on === state.hold ? NOTHING : yes({ type: 'hold', body: { on: command.body.on } })
    case 'approve':
      return decideApprove(state, command.body.target)
    case 'reject':
      return decideReject(state, command.body.target)
  }
}

function decidePost(state: ChatState, body: Body<'post'>, by: Person, staff: boolean, now: Millis): Outcome {
  const slowed = !staff && state.slowMs > 0
  if (slowed) {
    const wait = own(state.waits, by.id)
    if (wait !== undefined && wait > now)
      return {
        refused: 'slow_mode',
        message: 'Slow mode: wait a little before the next message.',
        retryAfter: wait - now,
      }
    if (wait === undefined && state.waitCount >= CHAT_LIMITS.slowed)
      return {
        refused: 'busy',
        message: 'Too many people are writing at once. Try again soon.',
        retryAfter: Math.max(1_000, state.waitsEndFrom - now),
      }
  }
  const post: PostBody = { text: body.text }
  if (body.mentions !== undefined && body.mentions.length > 0) post.mentions = [...new Set(body.mentions)]
  if (body.replyTo !== undefined) {
    const quoted = own(state.messages, body.replyTo)
    if (quoted === undefined) return GONE
    if (quoted.removed !== undefined) return REMOVED
    post.replyTo = { seq: quoted.seq, name: quoted.by.name }
  }
  if (slowed) post.nextAt = now + state.slowMs
  if (staff || !state.hold) return yes({ type: 'post', body: { ...post, ...droppedBy(state) } })

  if (state.held.length >= CHAT_LIMITS.held) return no('held_full', 'Too many messages wait for approval already.')
  if (state.held.filter((message) => message.by.id === by.id).length >= CHAT_LIMITS.heldPerPerson)
    return no('held_enough', 'Enough of your messages wait for approval.')
  return {
    entries: [
      { type: 'post', body: { ...post, held: true } },
      { type: 'waiting', body: post },
    ],
    result: { held: true },
  }
}

/** Which message's reactions leave the state when one more becomes the newest. */
function droppedBy(state: ChatState): { drops?: Seq } {
  const oldest = state.recent.length < CHAT_LIMITS.recentMessages ? undefined : state.recent[0]
  const message = oldest === undefined ? undefined : own(state.messages, oldest)
  if (message === undefined || message.pinned === true || Object.keys(message.reactions).length === 0) return {}
  return { drops: message.seq }
}

function decideEdit(state: ChatState, { target, text }: Body<'edit'>, by: Person, staff: boolean): Outcome {
  const message = own(state.messages, target)
  if (message === undefined) return GONE
  if (message.by.id !== by.id) return no('not_yours', 'Only its author can edit a message.')
  if (message.removed !== undefined) return REMOVED
  if (message.text === text) return NOTHING
  // Else a harmless message could be approved and then turned into another one.
  if (state.hold && !staff) return no('hold_mode', 'Messages are approved here first, so they cannot be edited.')
  return yes({ type: 'edit', body: { target, text } })
}

function decideDelete(state: ChatState, target: Seq, by: Person, staff: boolean): Outcome {
  const message = own(state.messages, target)
  if (message !== undefined) {
    if (message.by.id === by.id)
      return message.removed === 'author' ? NOTHING : yes({ type: 'delete', body: { target, removed: 'author' } })
    if (!staff) return no('not_yours', 'Only its author or staff can delete a message.')
    return message.removed === undefined ? yes({ type: 'delete', body: { target, removed: 'staff' } }) : NOTHING
  }
  const held = heldAt(state, target)
  if (held !== undefined) return held.by.id === by.id || staff ? turnDown(held) : GONE
  // Staff reach back past the state: in a fast chat, what has to go is soon older than a hundred messages.
  const beforeState = target > 0 && target < (state.recent[0] ?? 0)
  return staff && beforeState ? yes({ type: 'delete', body: { target, removed: 'staff' } }) : GONE
}

function decideRestore(state: ChatState, target: Seq): Outcome {
  const rejected = state.rejected.find(({ seq }) => seq === target)
  if (rejected !== undefined) return decideUnreject(state, rejected)
  if (heldAt(state, target) !== undefined) return NOTHING
  const message = own(state.messages, target)
  if (message === undefined) return GONE
  if (message.removed === undefined) return NOTHING
  if (message.withheld === undefined) return no('removed_by_author', 'Its author removed that message.')
  return yes({ type: 'restore', body: { target, text: message.withheld } })
}

function decideUnreject(state: ChatState, { seq: target, ...message }: HeldMessage): Outcome {
  if (state.held.length >= CHAT_LIMITS.held) return no('held_full', 'Too many messages wait for approval already.')
  return yes(
    { type: 'unreject', body: { target, message } },
    { type: 'returned', body: { target, user: message.by.id, message }, anonymous: true },
  )
}

function decideReact(state: ChatState, { target, emoji, on }: Body<'react'>, by: Person): Outcome {
  const message = own(state.messages, target)
  if (message === undefined) return GONE
  if (message.removed !== undefined) return REMOVED
  const reaction = own(message.reactions, emoji)
  if ((reaction !== undefined && Object.hasOwn(reaction.who, by.id)) === on) return NOTHING
  if (on && state.reactionCount >= CHAT_LIMITS.reactions) return no('reactions_full', 'Too many reactions at once.')
  if (on && reaction === undefined && Object.keys(message.reactions).length >= CHAT_LIMITS.emojiPerMessage)
    return no('too_many_emoji', 'That message has enough different reactions.')
  return yes({ type: 'react', body: { target, emoji, on } })
}

function decidePin(state: ChatState, { target, on }: Body<'pin'>): Outcome {
  const message = own(state.messages, target)
  if (message === undefined) return GONE
  if (message.removed !== undefined) return on ? REMOVED : NOTHING
  if ((message.pinned === true) === on) return NOTHING
  if (on && state.pins.length >= CHAT_LIMITS.pins)
    return no('pins_full', 'Enough messages are pinned. Unpin one first.')
  const leaves = !on && target < (state.recent[0] ?? 0)
  return yes({ type: 'pin', body: { target, on, ...(leaves ? { drops: target } : {}) } })
}

function heldAt(state: ChatState, target: Seq): HeldMessage | undefined {
  return state.held.find((message) => message.seq === target)
}

function decideApprove(state: ChatState, target: Seq): Outcome {
  const held = heldAt(state, target)
  if (held === undefined) return NOT_HELD
  const { seq: _, ...message } = held
  return yes({ type: 'approve', body: { target, message, ...droppedBy(state) } })
}

function decideReject(state: ChatState, target: Seq): Outcome {
  const held = heldAt(state, target)
  return held === undefined ? NOT_HELD : turnDown(held)
}

function turnDown({ seq: target, by }: HeldMessage): Outcome {
  // Who turned it down is for staff to know.
  return yes({ type: 'reject', body: { target } }, { type: 'rejected', body: { target, user: by.id }, anonymous: true })
}
