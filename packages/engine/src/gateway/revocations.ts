import type { EventId, Identity, Millis, Revoked, UserId } from '@plenary/kinds'

/** A right that is gone or has changed: of one person in an event, or of all. */
export interface Revocation {
  event: EventId
  user?: UserId
  code: Revoked['code']
  /** Tickets made up to here are void. */
  at: Millis
}

/** What decides whether a ticket is void. */
export type TicketFacts = Pick<Identity, 'event' | 'user' | 'issuedAt'>

/** Tickets live so long; an older revocation speaks of none that still lives. */
export const TICKET_TTL_MS = 10 * 60_000

/** The revocations that can still concern a living ticket: a ticket is not looked up, so what voids it is remembered here. */
export class Revocations {
  readonly #latest = new Map<string, Millis>()

  add(revocation: Revocation): void {
    const key = keyOf(revocation.event, revocation.user)
    this.#latest.set(key, Math.max(revocation.at, this.#latest.get(key) ?? 0))
  }

  voids(identity: TicketFacts): boolean {
    // Nearly always, and thousands may be asked about at once.
    if (this.#latest.size === 0) return false
    const all = this.#latest.get(keyOf(identity.event)) ?? 0
    const own = this.#latest.get(keyOf(identity.event, identity.user)) ?? 0
    return identity.issuedAt <= Math.max(all, own)
  }

  forget(now: Millis): void {
    for (const [key, at] of this.#latest) if (now - at > TICKET_TTL_MS) this.#latest.delete(key)
  }
}

const keyOf = (event: EventId, user?: UserId) => (user === undefined ? event : `${event} ${user}`)
