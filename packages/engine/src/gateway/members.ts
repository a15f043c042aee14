import type { Audience, UserId } from '@plenary/kinds'
import type { Runtime } from '../runtime/runtime.ts'
import type { Membership } from './connection.ts'
import type { Outgoing } from './outgoing.ts'
import { Turns } from './turns.ts'

/** Something to be told to those who were here when it was said. */
interface Told {
  outgoing: Outgoing
  present: readonly Membership[]
}

const AUDIENCES = ['everyone', 'staff'] as const

/** The sockets in one room on this gateway, and what is told to all of them alike, is not stored and is not made up for. */
export class Members {
  readonly #of: Record<Audience, Set<Membership>> = { everyone: new Set(), staff: new Set() }
  readonly #byUser = new Map<UserId, readonly Membership[]>()
  readonly #turns: Turns<Told, Membership>

  constructor(runtime: Runtime, atOnce?: number) {
    this.#turns = new Turns(runtime, {
      receivers: ({ present }) => this.#still(present),
      tell: (membership, { outgoing }) => write(membership, outgoing),
      atOnce,
    })
  }

  get size(): number {
    return this.#of.everyone.size + this.#of.staff.size
  }

  add(membership: Membership): void {
    const { user } = membership.connection.identity
    this.#of[membership.audience].add(membership)
    this.#byUser.set(user, [...this.ofUser(user), membership])
  }

  /** False when it was not here. */
  remove(membership: Membership): boolean {
    if (!this.#of[membership.audience].delete(membership)) return false
    const { user } = membership.connection.identity
    const others = this.ofUser(user).filter((other) => other !== membership)
    if (others.length > 0) this.#byUser.set(user, others)
    else this.#byUser.delete(user)
    return true
  }

  has(membership: Membership): boolean {
    return this.#of[membership.audience].has(membership)
  }

  of(audience: Audience): ReadonlySet<Membership> {
    return this.#of[audience]
  }

  ofUser(user: UserId): readonly Membership[] {
    return this.#byUser.get(user) ?? []
  }

  /** To every socket that keeps up. */
  tell(outgoing: Outgoing, except: string | null = null): void {
    for (const audience of AUDIENCES) this.tellOf(audience, outgoing, except)
  }

  tellOf(audience: Audience, outgoing: Outgoing, except: string | null = null): void {
    for (const membership of this.#of[audience]) {
      if (membership.connection.socket.id !== except) write(membership, outgoing)
    }
  }

  /** As `tell`, to some hundreds at a time. Whoever comes from now on is not told: it was true before them. */
  tellInTurns(outgoing: Outgoing): void {
    this.#turns.add({ outgoing, present: AUDIENCES.flatMap((audience) => [...this.#of[audience]]) })
  }

  /** Those of a few users; of what changes meanwhile it gives what is true then. */
  *ofUsers(audience: Audience, users: Iterable<UserId>): Iterable<Membership> {
    for (const user of users)
      for (const membership of this.ofUser(user)) if (this.#of[audience].has(membership)) yield membership
  }

  *#still(present: readonly Membership[]): Iterable<Membership> {
    // One may have left the room since, or lost its right to it (R6).
    for (const membership of present) if (this.has(membership)) yield membership
  }
}

function write({ connection, behind }: Membership, outgoing: Outgoing): boolean {
  if (behind !== null || !connection.hasRoomFor(outgoing.bytes)) return false
  connection.socket.write(outgoing)
  return true
}
