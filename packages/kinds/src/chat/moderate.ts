import type { Millis, UserId } from '../ids.ts'
import type { Decision, Refusal } from '../kind.ts'
import { own } from '../own.ts'
import type { ChatCommandBody } from './commands.ts'
import { CHAT_LIMITS, type ChatBodies, type ChatState, type Person } from './model.ts'

type Outcome = Decision<ChatBodies> | Refusal

/** The refusal that a muted person gets now; null for someone who may speak. */
export function muteEndsIn(state: ChatState, user: UserId, now: Millis): Refusal | null {
  const mute = own(state.mutes, user)
  if (mute === undefined || (mute.until !== null && mute.until <= now)) return null
  const refusal: Refusal = { refused: 'muted', message: 'You are muted in this chat.' }
  return mute.until === null ? refusal : { ...refusal, retryAfter: mute.until - now }
}

/** Staff are known here by what they did in this room: the rules of a room do not see an event's list of roles. */
function isStaff(state: ChatState, user: UserId, by: Person): boolean {
  return user === by.id || Object.hasOwn(state.staffSeen, user)
}

export function decideMute(state: ChatState, body: ChatCommandBody<'mute'>, by: Person, now: Millis): Outcome {
  const { user, name, on, forMs } = body
  const mute = own(state.mutes, user)
  if (!on) {
    if (mute === undefined) return { entries: [] }
    return told({ user, name: mute.name, on, until: null })
  }
  if (isStaff(state, user, by)) return { refused: 'staff_cannot_be_muted', message: 'Staff cannot be muted.' }
  if (mute?.until === null && forMs === undefined) return { entries: [] }
  const ended = endedMutes(state).filter((other) => other !== user)
  if (mute === undefined && Object.keys(state.mutes).length - ended.length >= CHAT_LIMITS.mutes)
    return { refused: 'mutes_full', message: 'Too many people are muted. Lift some mutes first.' }
  const until = forMs === undefined ? null : now + forMs
  return told({ user, name, on, until, ...(ended.length > 0 ? { ended } : {}) })
}

function told(body: ChatBodies['mute']): Outcome {
  const { user, on, until } = body
  // The muted person is not told by whom.
  return {
    entries: [
      { type: 'mute', body },
      { type: 'muted', body: { user, on, until }, anonymous: true },
    ],
  }
}

function endedMutes(state: ChatState): UserId[] {
  const ended: UserId[] = []
  for (const user of Object.keys(state.mutes) as UserId[]) {
    const until = own(state.mutes, user)?.until ?? null
    if (until !== null && until <= state.clock) ended.push(user)
    if (ended.length >= CHAT_LIMITS.clearedMutes) break
  }
  return ended
}

export function decideBan(state: ChatState, body: ChatCommandBody<'ban'>, by: Person): Outcome {
  const { user, name, on } = body
  const known = own(state.banned, user)
  if ((known !== undefined) === on) return { entries: [] }
  if (on && isStaff(state, user, by)) return { refused: 'staff_cannot_be_banned', message: 'Staff cannot be banned.' }
  if (on && state.barred.length >= CHAT_LIMITS.bans)
    return { refused: 'bans_full', message: 'Too many people are banned. Lift some bans first.' }
  return { entries: [{ type: 'ban', body: { user, name: known ?? name, on } }] }
}
