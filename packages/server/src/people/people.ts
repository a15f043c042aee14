import { PlenaryError, type Role, type UserId, type api } from '@plenary/kinds'
import type { EventChange, EventTable, KeptEvent, RoomTemplate } from '../events/event-table.ts'
import type { Store } from '../store/store.ts'
import { memberships, type Member } from './memberships.ts'
import type { Note, Notes } from './notes.ts'
import type { Revocations } from './revocations.ts'
import { requireChange, requireRight, type PersonChange } from './roles.ts'
import type { Standing } from './entrance.ts'

export interface PeopleDeps {
  store: Store
  events: EventTable
  revocations: Revocations
  notes: Notes
}

/** What the people who run an event do to it and to the people in it. */
export function people({ store, events, revocations, notes }: PeopleDeps) {
  return {
    async list({ event, me }: Standing): Promise<api.Person[]> {
      requireRight(me.role, 'seePeople')
      return (await memberships(store).ofEvent(event.id)).map(toPerson)
    },

    /** Gives a role or a ban. Live connections hear of it at once, older tickets are void, and the event's stages have it in their log. Throws `forbidden`, `conflict`. */
    async change({ event, me }: Standing, user: UserId, change: PersonChange & { name: string }): Promise<api.Person> {
      const [before, after] = await store.transaction().execute(async (tx) => {
        const members = memberships(tx)
        await members.lock(event.id)
        const kept = await members.find(event.id, user)
        const was: Member = kept ?? { event: event.id, user, name: change.name, role: 'attendee', banned: false }
        // Read again inside the transaction: one's own role may just have been taken.
        const actor = await members.find(event.id, me.id)
        requireChange(actor?.banned === false ? actor.role : 'attendee', was.role, change)
        const now = { ...was, name: change.name, role: change.role ?? was.role, banned: change.banned ?? was.banned }
        if (now.role === 'attendee' && !now.banned) await members.remove(event.id, user)
        else await members.put(now)
        if ((await members.owners(event.id)) === 0)
          throw new PlenaryError('conflict', 'An event keeps at least one owner.')
        for (const note of notesOf(me, was, now)) await notes.write(tx, event, note)
        return [was, now]
      })
      notes.tell()
      if (after.banned && !before.banned) await revocations.revoke(event.id, user, 'banned')
      else if (after.role !== before.role) await revocations.revoke(event.id, user, 'role_changed')
      return toPerson(after)
    },

    /** Throws `forbidden`, also for a room on its own, which is one; `bad_request`, `refused`. */
    async addRoom({ event, me }: Standing, room: RoomTemplate): Promise<KeptEvent> {
      requireRight(me.role, 'changeEvent')
      if (event.form !== 'event') throw new PlenaryError('forbidden', 'This room stands on its own.')
      return await events.addRoom(event.id, room)
    },

    /** Throws `forbidden` and, for a code that is taken, `conflict`. */
    async changeEvent({ event, me }: Standing, change: EventChange): Promise<KeptEvent> {
      requireRight(me.role, 'changeEvent')
      if (change.status !== undefined && change.status !== event.status) requireRight(me.role, 'endEvent')
      const changed = await events.change(event.id, change)
      if (changed.status === 'ended' && event.status === 'live') {
        await revocations.revoke(event.id, null, 'event_ended')
      }
      return changed
    },
  }
}

/** What was done, in the order in which it is told. */
function notesOf(me: api.Me, was: Member, { user, name, role, banned }: Member): Note[] {
  const note = { by: { id: me.id, name: me.name }, user, name, role }
  return [
    ...(role === was.role ? [] : [{ ...note, did: 'given' } as const]),
    ...(banned === was.banned ? [] : [{ ...note, did: banned ? 'banned' : 'admitted' } as const]),
  ]
}

export type People = ReturnType<typeof people>

function toPerson({
  user,
  name,
  role,
  banned,
}: {
  user: UserId
  name: string
  role: Role
  banned: boolean
}): api.Person {
  return { id: user, name, role, banned }
}
