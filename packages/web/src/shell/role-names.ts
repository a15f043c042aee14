import type { Role } from '@plenary/kinds'

/** Roles as people read them. */
export const ROLE_NAMES: Record<Role, string> = {
  owner: 'Owner',
  producer: 'Producer',
  moderator: 'Moderator',
  speaker: 'Speaker',
  attendee: 'Attendee',
}
