import type { Presence, PresenceMember, UserId } from '@plenary/kinds'

/** Who is in a room: all of them while they are few, some of them when they are many. */
export interface PresenceNow {
  total: number
  members: readonly PresenceMember[]
}

export const NOBODY: PresenceNow = { total: 0, members: [] }

/** The same list one message later. */
export function foldPresence(now: PresenceNow, { total, joined, left, sample }: Presence): PresenceNow {
  const members = new Map<UserId, PresenceMember>((sample ?? now.members).map((member) => [member.id, member]))
  for (const member of joined ?? []) members.set(member.id, member)
  for (const user of left ?? []) members.delete(user)
  return { total, members: [...members.values()] }
}
