import { ROLES } from '@plenary/kinds'
import type { Role } from '@plenary/kinds'

/** What is worth offering; the server decides, by the same rules. */

const GIVEN_BY_PRODUCER: readonly Role[] = ['moderator', 'speaker', 'attendee']

/** Whether someone of the role `actor` may change a person of the role `target` at all. */
export function mayChange(actor: Role, target: Role): boolean {
  return actor === 'owner' || (actor === 'producer' && ROLES.indexOf(actor) < ROLES.indexOf(target))
}

/** Whether someone of the role `actor` may give or take `role`. */
export function mayGive(actor: Role, role: Role): boolean {
  return actor === 'owner' || (actor === 'producer' && GIVEN_BY_PRODUCER.includes(role))
}
