import type { UserId } from '../ids.ts'
import type { Actor } from '../kind.ts'
import { own } from '../own.ts'
import type { Role } from '../roles.ts'
import { LEVELS, type Level, type Sharing } from './model.ts'

/** What a person may do: those who run the room anything, others what they were given themselves, or else their role. */
export function levelOf(sharing: Sharing, who: { id: UserId; role: Role | Actor['role'] }): Level {
  if (who.role === 'system') return 'none'
  if (mayShare(who.role)) return 'edit'
  return own(sharing.people, who.id) ?? sharing.roles[who.role]
}

/** Whether this level takes in that one. */
export function reaches(level: Level, needed: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(needed)
}

/** Roles that can always edit. */
export const LEADS = ['owner', 'producer'] as const

/** Whether those of this role say who may do what. */
export function mayShare(role: Actor['role']): boolean {
  return LEADS.some((lead) => lead === role)
}
