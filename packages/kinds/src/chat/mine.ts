import type { Seq, UserId } from '../ids.ts'
import { own } from '../own.ts'
import { heldOf } from './evolve.ts'
import { isForAll, waitingWith, type ChatEntry, type ChatMine, type ChatState } from './model.ts'

/** A person's own part of the chat. */
export function mine(state: ChatState, user: UserId): ChatMine {
  const mute = own(state.mutes, user)
  const wait = own(state.waits, user) ?? 0
  const reacted: Record<Seq, string[]> = {}
  for (const message of Object.values(state.messages)) {
    const emoji = Object.keys(message.reactions).filter((key) => Object.hasOwn(message.reactions[key]?.who ?? {}, user))
    if (emoji.length > 0) reacted[message.seq] = emoji.toSorted()
  }
  return {
    muted: mute === undefined || (mute.until !== null && mute.until <= state.clock) ? null : (mute.until ?? true),
    held: state.held.filter((message) => message.by.id === user),
    reacted,
    nextPostAt: wait <= state.clock ? 0 : wait,
  }
}

/** The same one entry later; unchanged parts are the same objects. */
export function evolveMine(before: ChatMine, entry: ChatEntry, me: UserId): ChatMine {
  const part = isForAll(entry) ? pastBy(before, entry.at) : before
  const isMe = entry.by?.id === me
  switch (entry.type) {
    case 'post':
      return waitingUntil(
        without(part, entry.body.drops),
        isMe && entry.body.held !== true ? entry.body.nextAt : undefined,
      )
    case 'waiting':
      // Its post stands right before it in the log, where only staff see it.
      return isMe
        ? waitingUntil({ ...part, held: [...part.held, heldOf(entry.seq - 1, entry)] }, entry.body.nextAt)
        : part
    case 'approve':
      return withoutHeld(without(part, entry.body.drops), entry.body.target)
    case 'rejected':
      return withoutHeld(part, entry.body.target)
    case 'returned': {
      const { target, user, message } = entry.body
      return user === me ? { ...part, held: waitingWith(part.held, { seq: target, ...message }) } : part
    }
    case 'muted':
      return entry.body.user === me ? { ...part, muted: entry.body.on ? (entry.body.until ?? true) : null } : part
    case 'delete':
      return without(part, entry.body.target)
    case 'pin':
      return without(part, entry.body.drops)
    case 'react': {
      if (!isMe) return part
      const { target, emoji, on } = entry.body
      const others = (own(part.reacted, target) ?? []).filter((other) => other !== emoji)
      const emojis = on ? [...others, emoji].toSorted() : others
      return emojis.length === 0 ? without(part, target) : { ...part, reacted: { ...part.reacted, [target]: emojis } }
    }
    case 'slow': {
      const latest = entry.body.ms === 0 ? 0 : entry.at + entry.body.ms
      return part.nextPostAt <= latest ? part : { ...part, nextPostAt: latest }
    }
    case 'ban':
    case 'edit':
    case 'hold':
    case 'mute':
    case 'reject':
    case 'unreject':
    case 'restore':
      return part
  }
}

/** What has ended by now counts as gone. */
function pastBy(part: ChatMine, now: number): ChatMine {
  const unmuted = typeof part.muted === 'number' && part.muted <= now
  const free = part.nextPostAt !== 0 && part.nextPostAt <= now
  if (!unmuted && !free) return part
  return { ...part, muted: unmuted ? null : part.muted, nextPostAt: free ? 0 : part.nextPostAt }
}

function waitingUntil(part: ChatMine, nextPostAt: number | undefined): ChatMine {
  return nextPostAt === undefined ? part : { ...part, nextPostAt }
}

function without(part: ChatMine, seq: Seq | undefined): ChatMine {
  if (seq === undefined || !Object.hasOwn(part.reacted, seq)) return part
  const { [seq]: _, ...reacted } = part.reacted
  return { ...part, reacted }
}

function withoutHeld(part: ChatMine, target: Seq): ChatMine {
  const held = part.held.filter((message) => message.seq !== target)
  return held.length === part.held.length ? part : { ...part, held }
}
