/** An event's roles, the most entitled first. What a kind does not allow a role by name is denied. */
export const ROLES = ['owner', 'producer', 'moderator', 'speaker', 'attendee'] as const
export type Role = (typeof ROLES)[number]

/** Those who run the event: they see the `staff` stream. */
export const STAFF = ['owner', 'producer', 'moderator'] as const satisfies readonly Role[]
export const EVERYONE = ROLES

/** Whose eyes a stream, a view or a ring is for. */
export type Audience = 'everyone' | 'staff'

export function audienceOf(role: Role): Audience {
  return (STAFF as readonly Role[]).includes(role) ? 'staff' : 'everyone'
}
