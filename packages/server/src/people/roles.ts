import { PlenaryError, ROLES, audienceOf, type Role } from '@plenary/kinds'

/** What the organisers' side of an event lets each role do. What is not named is denied. */
export const RIGHTS = {
  seePeople: ['owner', 'producer', 'moderator'],
  changeEvent: ['owner', 'producer'],
  endEvent: ['owner'],
  makeOverlays: ['owner', 'producer'],
  exportEvent: ['owner', 'producer'],
  enterEnded: ['owner', 'producer', 'moderator'],
} as const satisfies Record<string, readonly Role[]>
export type Right = keyof typeof RIGHTS

/** Which roles each role may give to people, and take from them. */
const GIVES: Record<Role, readonly Role[]> = {
  owner: ROLES,
  producer: ['moderator', 'speaker', 'attendee'],
  moderator: [],
  speaker: [],
  attendee: [],
}

/** Throws `forbidden` unless the role has the right. */
export function requireRight(role: Role, right: Right): void {
  if (!(RIGHTS[right] as readonly Role[]).includes(role))
    throw new PlenaryError('forbidden', 'Your role does not allow this.')
}

/** Whether someone of the role `actor` may let others have this role. */
export function mayGive(actor: Role, role: Role): boolean {
  return GIVES[actor].includes(role)
}

/** Whether the first role stands above the second; an owner stands above everybody, other owners too. */
function above(actor: Role, other: Role): boolean {
  return actor === 'owner' || ROLES.indexOf(actor) < ROLES.indexOf(other)
}

export interface PersonChange {
  role?: Role | undefined
  banned?: boolean | undefined
}

/** Throws `forbidden` unless someone of the role `actor` may change a person of the role `target` like this. */
export function requireChange(actor: Role, target: Role, change: PersonChange): void {
  if (audienceOf(actor) !== 'staff')
    throw new PlenaryError('forbidden', 'Only the people who run the event may do this.')
  if (!above(actor, target)) throw new PlenaryError('forbidden', 'This person has a role above yours, or the same.')
  if (change.role === undefined || change.role === target) return
  if (!GIVES[actor].includes(change.role) || !GIVES[actor].includes(target)) {
    throw new PlenaryError('forbidden', 'Your role may not give or take this role.')
  }
}
