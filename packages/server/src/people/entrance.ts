import { PlenaryError, ROLES, type EventId, type Millis, type Role, type UserId, type api } from '@plenary/kinds'
import type { EventTable, KeptEvent, NewEvent } from '../events/event-table.ts'
import type { Store } from '../store/store.ts'
import { memberships, type Member } from './memberships.ts'
import { RIGHTS } from './roles.ts'
import type { Roster, Rosters } from './rosters.ts'
import type { Holder, Tickets } from './tickets.ts'

const ORGANISER = 'Organiser'
const SOMEBODY = 'Somebody'
const NO_SUCH_EVENT = 'There is no such event.'

export interface EntranceDeps {
  store: Store
  events: EventTable
  rosters: Rosters
  tickets: Tickets
  now: () => Millis
  /** A fresh unguessable id. */
  id: () => string
}

/** Someone in an event, with the role they have there now. */
export interface Standing {
  event: KeptEvent
  me: api.Me
}

export interface Admitted extends Standing {
  ticket: string
}

/** What else is written in the transaction that makes an event. */
export type Alongside = (tx: Store, event: EventId, owner: UserId) => Promise<void>

export type Entrance = ReturnType<typeof entrance>

/** How people come into events. */
export function entrance({ store, events, rosters, tickets, now, id }: EntranceDeps) {
  const members = memberships(store)

  async function known(pass: string | undefined): Promise<Holder | null> {
    return pass === undefined ? null : await tickets.readPass(pass)
  }

  /** Throws `forbidden` for the banned, and for those who neither joined by code nor have a role there (R6). */
  function standing(event: KeptEvent, holder: Holder, member: Member | null): Standing {
    if (member === null && !holder.joined.includes(event.id)) {
      throw new PlenaryError('forbidden', 'Join this event with its code first.')
    }
    if (member?.banned === true)
      throw new PlenaryError('forbidden', 'You have been removed from this event.', { reason: 'banned' })
    return { event, me: { id: holder.user, name: holder.name, role: member?.role ?? 'attendee' } }
  }

  /** Throws `refused` with reason `event_ended` where the event is over for this role. */
  async function admit({ event, me }: Standing, issuedAt: Millis): Promise<Admitted> {
    if (event.status === 'ended' && !(RIGHTS.enterEnded as readonly Role[]).includes(me.role)) {
      throw new PlenaryError('refused', 'This event has ended.', { reason: 'event_ended' })
    }
    const ticket = await tickets.signTicket({ user: me.id, name: me.name, event: event.id, role: me.role, issuedAt })
    return { event, me, ticket }
  }

  return {
    /** The event as its participant sees it. Throws `not_found` and `forbidden`. */
    async standing(event: EventId, holder: Holder): Promise<Standing> {
      return standing(await events.byId(event), holder, await members.find(event, holder.user))
    },

    /** A new event or room on its own, owned by whom the pass stands for, or by a new person without one. */
    async create(made: NewEvent, name: string | undefined, pass: string | undefined, alongside?: Alongside) {
      const holder = await known(pass)
      const unnamed = made.form === 'event' ? ORGANISER : SOMEBODY
      const owner = { user: holder?.user ?? (id() as UserId), name: name ?? holder?.name ?? unnamed }
      const event = await events.create(made, async (tx, fresh) => {
        await memberships(tx).put({ event: fresh, user: owner.user, name: owner.name, role: 'owner', banned: false })
        await alongside?.(tx, fresh, owner.user)
      })
      return { event, pass: await tickets.signPass({ ...owner, joined: joinedTo(event, holder) }) }
    },

    /** What may be told of what a code opens, before joining. Throws `not_found`, also for a door that is closed. */
    async peek(code: string): Promise<KeptEvent> {
      const { event, invited } = await events.opened(code)
      if (event.door === 'closed' && invited === null) throw new PlenaryError('not_found', NO_SUCH_EVENT)
      return event
    },

    /** In by code, under this name. Throws `unauthorized`, `not_found`, `forbidden`, `refused`. */
    async join(code: string, name: string, pass: string | undefined): Promise<Admitted & { pass: string }> {
      // Taken before anything is read: a ban or a new role in between voids the ticket.
      const issuedAt = now()
      const before = await known(pass)
      const { event, invited } = await events.opened(code)
      const user = before?.user ?? (id() as UserId)
      const member = await members.find(event.id, user)
      // Nobody learns by guessing that there is something behind a closed door.
      if (event.door === 'closed' && invited === null && member === null)
        throw new PlenaryError('not_found', NO_SUCH_EVENT)
      const holder: Holder = { user, name, joined: joinedTo(event, before) }
      const enlisted =
        member?.banned === true ? member : listed(event, { event: event.id, user, name }, member, invited)
      const admitted = await admit(standing(event, { ...holder, joined: [event.id] }, enlisted), issuedAt)
      if (enlisted === member) await members.rename(event.id, user, name)
      else if (enlisted !== null) await members.put(enlisted)
      return { ...admitted, pass: await tickets.signPass(holder) }
    },

    /** In again, on the pass alone. Throws `not_found`, `forbidden`, `refused`. */
    async renew(event: EventId, holder: Holder): Promise<Admitted> {
      const by = async (roster: Roster) =>
        await admit(standing(roster.event, holder, await roster.member(holder.user)), roster.readAt)
      const kept = await rosters
        .kept(event, holder.user)
        ?.then(by)
        .catch(() => null)
      // What is kept serves the crowd: who would be refused by it is looked up anew, and so is staff, who must see at once what they changed.
      return kept?.me.role === 'attendee' ? kept : await by(await rosters.fresh(event))
    },

    /** All events that the pass opens, the newest first. */
    async myEvents(holder: Holder): Promise<(KeptEvent & { role: Role })[]> {
      const rows = new Map((await members.ofUser(holder.user, 'event')).map((row) => [row.event, row]))
      const open = new Set([...holder.joined, ...rows.keys()].filter((event) => rows.get(event)?.banned !== true))
      return (await events.byIds([...open])).map((event) => ({
        ...event,
        role: rows.get(event.id)?.role ?? 'attendee',
      }))
    },
  }
}

/** Events are remembered by the pass of whoever came in; a room on its own has a list, so that it crowds none of them out. */
function joinedTo(event: KeptEvent, before: Holder | null): EventId[] {
  const others = (before?.joined ?? []).filter((other) => other !== event.id)
  return event.form === 'event' ? [...others, event.id] : others
}

/** The row to keep of somebody who comes in: with the better of the role they have and the one they are invited to. */
function listed(
  event: KeptEvent,
  who: Pick<Member, 'event' | 'user' | 'name'>,
  member: Member | null,
  invited: Role | null,
): Member | null {
  const role = invited ?? 'attendee'
  if (member !== null && ROLES.indexOf(member.role) <= ROLES.indexOf(role)) return member
  return event.form === 'event' && role === 'attendee' ? null : { ...who, role, banned: false }
}
