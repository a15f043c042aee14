import type { EventId, Millis, UserId } from './ids.ts'
import type { Json } from './kind.ts'
import type { Role } from './roles.ts'

/** Who may be in a room: the people of an event, with the role they have there, or the members of a list. */
export type Access = { event: EventId } | { members: readonly UserId[] }

/** What a room is from its making on. */
export interface RoomSpec {
  kind: string
  /** The kind's own settings, as its schema yields them. */
  settings: Json
  access: Access
}

/** Who is asking, as a verified ticket says. */
export interface Identity {
  user: UserId
  name: string
  event: EventId
  role: Role
  /** When the ticket was made; a revocation after that ends it. */
  issuedAt: Millis
  /** Sees what its role sees, says nothing, and is not counted among those who are there. */
  readOnly?: true
}

/** The role in which this person may be in the room; null when not at all (R6: deny by default). */
export function roleIn(access: Access, who: Identity): Role | null {
  if ('event' in access) return access.event === who.event ? who.role : null
  return access.members.includes(who.user) ? 'attendee' : null
}
