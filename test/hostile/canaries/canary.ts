import type { Role } from '@plenary/kinds'

/**
 * Who may see a canary: `all` in the room; `after`, all but those who had left or lost the room when it was said; `staff`;
 * `held`, staff and its author; `told`, its addressee alone; `taken-back`, all who were there before it was deleted;
 * `name`, whoever is in the event.
 */
export const EYES = ['all', 'after', 'staff', 'held', 'told', 'taken-back', 'name'] as const
export type Eyes = (typeof EYES)[number]

/** A string that is said in one place, for certain eyes alone. */
export interface Canary {
  event: number
  room: number
  eyes: Eyes
  /** Of whom `held` and `told` speak; 0 otherwise. */
  person: number
  number: number
}

/** Somebody whose every byte is looked at. */
export interface Onlooker {
  event: number
  person: number
  role: Role
  /** Came in when what was taken back was gone already. */
  late: boolean
  /** Has left, or has lost, the rooms before anything was said to those `after`. */
  lost: boolean
}

/** A canary as it is said; it is found again in whatever it is part of. */
export function spell({ event, room, eyes, person, number }: Canary): string {
  return `cnry-${event}-${room}-${EYES.indexOf(eyes)}-${person}-${number}-yrnc`
}

/** All canaries in a text. */
export function spot(text: string): Canary[] {
  const found: Canary[] = []
  for (const [, event, room, eyes, person, number] of text.matchAll(/cnry-(\d+)-(\d+)-(\d+)-(\d+)-(\d+)-yrnc/g)) {
    found.push({
      event: Number(event),
      room: Number(room),
      eyes: EYES[Number(eyes)] ?? 'told',
      person: Number(person),
      number: Number(number),
    })
  }
  return found
}

/** Whether these eyes may see it (R6). */
export function maySee({ event, person, role, late, lost }: Onlooker, canary: Canary): boolean {
  if (canary.event !== event) return false
  const staff = role === 'owner' || role === 'producer' || role === 'moderator'
  switch (canary.eyes) {
    case 'all':
    case 'name':
      return true
    case 'after':
      return !lost
    case 'staff':
      return staff
    case 'held':
      return staff || canary.person === person
    case 'told':
      return canary.person === person
    case 'taken-back':
      return !late
  }
}
