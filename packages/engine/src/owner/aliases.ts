import { createHmac } from 'node:crypto'
import type { Actor, CommandId, UserId } from '@plenary/kinds'

/** Who somebody is in a secret scope: the same every time, and nobody's without the key. */
export function aliasOf(key: Uint8Array, user: UserId): UserId {
  return createHmac('sha256', key).update(`user ${user}`).digest('base64url') as UserId
}

/** The same of a command's id: a repeated one is still known, and whoever kept the id does not find it in the log. */
export function aliasOfCommand(key: Uint8Array, id: CommandId): CommandId {
  const hex = createHmac('sha256', key).update(`command ${id}`).digest('hex')
  // In the form of a UUID whose content is its maker's business (version 8).
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  ) as CommandId
}

/** Whoever asks in secret has neither a name nor a role that could tell them from others. */
export function aliasActor(key: Uint8Array, { id }: Actor): Actor {
  return { id: aliasOf(key, id), name: '', role: 'attendee' }
}
