import { audienceOf } from '@plenary/kinds'
import type { ChatView, Me, Message } from './chat-room.ts'

export type ActionId =
  | 'reply'
  | 'copy'
  | 'edit'
  | 'delete'
  | 'restore'
  | 'pin'
  | 'unpin'
  | 'mute-5m'
  | 'mute-1h'
  | 'mute'
  | 'unmute'
  | 'ban'
  | 'unban'

export interface Action {
  id: ActionId
  label: string
  danger?: true
  /** What it does to the message, or to its author. */
  group: 'message' | 'person'
}

/** What this person may do with this message now, in the order in which it is offered. */
export function actionsFor(message: Message, view: ChatView, me: Me, now: number): Action[] {
  const staff = audienceOf(me.role) === 'staff'
  const own = message.by.id === me.id
  // The room itself remembers only its recent messages; older ones can be read and copied.
  const recent = view.messages.some(({ seq }) => seq === message.seq)
  const pinned = view.pins.some(({ seq }) => seq === message.seq)
  const actions: Action[] = []
  const offer = (id: ActionId, label: string, group: Action['group'] = 'message', danger = false) =>
    actions.push({ id, label, group, ...(danger ? { danger } : {}) })

  if (message.removed) {
    if (staff && recent && message.removed === 'staff') offer('restore', 'Restore')
  } else {
    if (recent) offer('reply', 'Reply')
    offer('copy', 'Copy text')
    if (own && recent) offer('edit', 'Edit')
    if (staff && pinned) offer('unpin', 'Unpin')
    else if (staff && recent) offer('pin', 'Pin')
    if (recent && (own || staff)) offer('delete', 'Delete', 'message', true)
  }
  if (staff && !own && audienceOf(message.by.role) !== 'staff' && view.staff) {
    const muted = view.staff.muted.some(({ user, until }) => user === message.by.id && (until === null || until > now))
    const banned = view.staff.banned.some(({ user }) => user === message.by.id)
    if (muted) offer('unmute', 'Unmute', 'person')
    else {
      offer('mute-5m', 'Mute for 5 minutes', 'person')
      offer('mute-1h', 'Mute for 1 hour', 'person')
      offer('mute', 'Mute for good', 'person')
    }
    if (banned) offer('unban', 'Lift the ban', 'person')
    else offer('ban', 'Ban', 'person', true)
  }
  return actions
}
