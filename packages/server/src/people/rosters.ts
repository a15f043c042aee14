import type { PlenaryNode } from '@plenary/engine'
import type { EventId, Millis, UserId } from '@plenary/kinds'
import type { EventTable, KeptEvent } from '../events/event-table.ts'
import type { Store } from '../store/store.ts'
import { memberships, type Member } from './memberships.ts'

/** How old what is kept may be; what it says is void earlier when a revocation says so. */
const KEPT_MS = 2_000
/** Events that are kept at a time; past it those kept for longest go. */
const EVENTS_MAX = 1_000
/** People with a role of their own or a ban: an event with more of them is asked about each one. */
const PEOPLE_MAX = 2_000

export interface RosterDeps {
  store: Store
  events: EventTable
  now: () => Millis
  /** Milliseconds that never go back. */
  monotonic: () => number
  /** Asked whether anything was revoked since. */
  node: Pick<PlenaryNode, 'voided'>
}

/** An event and who is more, or less, than an attendee there. */
export interface Roster {
  readonly event: KeptEvent
  /** From before it was read: whatever changed later is later than this. */
  readonly readAt: Millis
  member(user: UserId): Promise<Member | null>
}

export type Rosters = ReturnType<typeof rosters>

/**
 * Events with their people, read once for all who come back at the same time: when a gateway is lost, thousands ask for a ticket, and
 * the database is asked as often as time passes, not as often as people come.
 */
export function rosters({ store, events, now, monotonic, node }: RosterDeps) {
  const all = new Map<EventId, { roster: Promise<Roster>; readAt: Millis; at: number }>()

  async function read(id: EventId, readAt: Millis): Promise<Roster> {
    const members = memberships(store)
    const [event, people] = await Promise.all([events.byId(id), members.ofEventAtMost(id, PEOPLE_MAX)])
    if (people === null) return { event, readAt, member: (user) => members.find(id, user) }
    const byUser = new Map(people.map((member) => [member.user, member]))
    return { event, readAt, member: async (user) => byUser.get(user) ?? null }
  }

  return {
    /** At most two seconds old, and nothing of this person was revoked since; null when there is none. Throws `not_found`. */
    kept(event: EventId, user: UserId): Promise<Roster> | null {
      const known = all.get(event)
      if (known === undefined || monotonic() - known.at >= KEPT_MS) return null
      return node.voided({ event, user, issuedAt: known.readAt }) ? null : known.roster
    },

    /** Read now, and kept for others. Throws `not_found`. */
    async fresh(event: EventId): Promise<Roster> {
      const readAt = now()
      const entry = { roster: read(event, readAt), readAt, at: monotonic() }
      all.delete(event)
      all.set(event, entry)
      const [oldest] = all.keys()
      if (all.size > EVENTS_MAX && oldest !== undefined) all.delete(oldest)
      // What failed says nothing of the next time.
      entry.roster.catch(() => {
        if (all.get(event) === entry) all.delete(event)
      })
      return await entry.roster
    },
  }
}
