import { LIMITS, PlenaryError, type EventId, type Json, type RoomId } from '@plenary/kinds'
import type { Standing } from '../people/entrance.ts'
import { memberships } from '../people/memberships.ts'
import type { Revocations } from '../people/revocations.ts'
import { requireRight } from '../people/roles.ts'
import type { Store } from '../store/store.ts'
import type { EventTable, KeptEvent } from './event-table.ts'

export interface RehearsalDeps {
  store: Store
  events: EventTable
  revocations: Revocations
  /** A fresh unguessable id. */
  id: () => string
}

/** Settings of the twin rooms by kind, in the event's own terms. */
export type TwinSettings = Readonly<Record<string, { [key: string]: Json }>>

export type Rehearsals = ReturnType<typeof rehearsals>

/** Twins of events to try things out in: nothing that happens there is in the event, and with the twin all of it is gone. */
export function rehearsals({ store, events, revocations, id }: RehearsalDeps) {
  return {
    /** A twin with rooms of its own, for the same people with a role. Throws `forbidden`, `conflict`, `bad_request`. */
    async begin({ event, me }: Standing, settings: TwinSettings): Promise<KeptEvent> {
      requireRight(me.role, 'changeEvent')
      if (event.form !== 'event') throw new PlenaryError('conflict', 'Only events are rehearsed.')
      const twins = new Map(event.rooms.map((room) => [room.id, id() as RoomId]))
      const rooms = event.rooms.map(({ id: original, kind, title }) => ({
        id: twins.get(original) ?? (id() as RoomId),
        kind,
        title,
        settings: retold(settings[kind] ?? {}, twins),
      }))
      const title = `Rehearsal: ${event.title}`.slice(0, LIMITS.titleChars)
      return await events.create({ title, form: 'rehearsal', door: 'open', rooms }, async (tx, twin) => {
        const members = memberships(tx)
        for (const member of await members.ofEvent(event.id))
          if (!member.banned && member.role !== 'attendee') await members.put({ ...member, event: twin })
      })
    },

    /** Shows everyone out, and takes away all that leads there. Throws `forbidden`, `conflict`. */
    async end({ event, me }: Standing): Promise<void> {
      requireRight(me.role, 'changeEvent')
      if (event.form !== 'rehearsal') throw new PlenaryError('conflict', 'Only a rehearsal vanishes.')
      await revocations.revoke(event.id, null, 'event_ended')
      await store.transaction().execute((tx) => forget(tx, event.id))
    },
  }
}

/** The same settings with each room of the event named by its twin: a rundown says which room it shows. */
function retold(settings: Json, twins: ReadonlyMap<RoomId, RoomId>): Json {
  if (typeof settings === 'string') return twins.get(settings as RoomId) ?? settings
  if (Array.isArray(settings)) return settings.map((each) => retold(each, twins))
  if (settings === null || typeof settings !== 'object') return settings
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, retold(value, twins)]))
}

async function forget(tx: Store, event: EventId): Promise<void> {
  await tx.deleteFrom('invitation').where('event_id', '=', event).execute()
  await tx.deleteFrom('membership').where('event_id', '=', event).execute()
  await tx.deleteFrom('room').where('event_id', '=', event).execute()
  await tx.deleteFrom('event').where('id', '=', event).execute()
}
