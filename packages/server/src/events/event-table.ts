import {
  LIMITS,
  PlenaryError,
  type api,
  type EventId,
  type Json,
  type KindTable,
  type Millis,
  type RoomId,
  type Role,
  type RoomSpec,
  type UserId,
} from '@plenary/kinds'
import type { Selectable } from 'kysely'
import type { Tables } from '../store/schema.ts'
import { isDuplicate, type Store } from '../store/store.ts'
import { requireUninvited, withFreshCode } from './codes.ts'

type EventInfo = api.EventInfo

/** Of one person, the newest. */
const ROOMS_LISTED_MAX = 200

/** A room that every new event begins with. */
export interface RoomTemplate {
  /** Where another room's settings name it. */
  id?: RoomId
  kind: string
  title: string
  settings?: Json
}

/** What is asked for; an event's first rooms are the usual ones without `rooms`. */
export interface NewEvent extends Pick<EventInfo, 'title' | 'form' | 'door'> {
  rooms?: readonly RoomTemplate[]
}

export type EventChange = Partial<Pick<EventInfo, 'title' | 'code' | 'status' | 'door'>>

export interface EventDeps {
  store: Store
  kinds: KindTable
  rooms: readonly RoomTemplate[]
  /** Where new events live. */
  zone: string
  now: () => Millis
  /** A fresh unguessable id. */
  id: () => string
  /** A uniform unguessable whole number below n. */
  pick: (below: number) => number
}

/** An event as it is kept, with its rooms. */
export type KeptEvent = EventInfo & { zone: string; createdAt: Millis }

export type EventTable = ReturnType<typeof eventTable>

/** Events and their rooms. */
export function eventTable(deps: EventDeps) {
  const { store } = deps

  async function withRooms(rows: EventRow[]): Promise<KeptEvent[]> {
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.id)
    const rooms = await store.selectFrom('room').selectAll().where('event_id', 'in', ids).orderBy('place').execute()
    return rows.map((row) => ({
      id: row.id,
      code: row.code,
      title: row.title,
      status: row.status,
      form: row.form,
      door: row.door,
      zone: row.zone,
      rooms: rooms.filter((room) => room.event_id === row.id).map(({ id, kind, title }) => ({ id, kind, title })),
      createdAt: Number(row.created_at),
    }))
  }

  async function one(column: 'id' | 'code', value: string): Promise<KeptEvent> {
    const rows = await store
      .selectFrom('event')
      .selectAll()
      .where(column, '=', value as EventId)
      .execute()
    const [event] = await withRooms(rows)
    if (event === undefined) throw new PlenaryError('not_found', 'There is no such event.')
    return event
  }

  async function insertWithFreshCode(tx: Store, id: EventId, { title, form, door }: NewEvent): Promise<void> {
    const row = { id, title, form, door, status: 'live' as const, zone: deps.zone, created_at: deps.now() }
    await withFreshCode(tx, deps.pick, async (code) => {
      const inserted = await tx
        .insertInto('event')
        .values({ ...row, code })
        .onConflict((conflict) => conflict.column('code').doNothing())
        .returning('id')
        .execute()
      return inserted.length > 0
    })
  }

  /** The kind's settings as its schema yields them. Throws `bad_request`. */
  function settingsOf({ kind, settings }: RoomTemplate): string {
    const rules = deps.kinds.get(kind)
    if (rules === undefined) throw new Error(`A new event's room has an unknown kind: ${kind}`)
    const parsed = rules.settings.safeParse(settings ?? {})
    if (parsed.success) return JSON.stringify(parsed.data)
    throw new PlenaryError('bad_request', 'These are no settings for a room of this kind.', { cause: parsed.error })
  }

  return {
    /** Throws `not_found`. */
    byId: (id: EventId): Promise<KeptEvent> => one('id', id),

    /** What a code opens, and the role that it lets people in with if it is an invitation. Throws `not_found`. */
    async opened(code: string): Promise<{ event: KeptEvent; invited: Role | null }> {
      const invitation = await store.selectFrom('invitation').selectAll().where('code', '=', code).executeTakeFirst()
      if (invitation === undefined) return { event: await one('code', code), invited: null }
      return { event: await one('id', invitation.event_id), invited: invitation.role }
    },

    /** The rooms on their own in whose list this person is, the newest first. */
    async roomsOf(user: UserId, kind: string | undefined): Promise<(KeptEvent & { role: Role })[]> {
      let query = store
        .selectFrom('membership')
        .innerJoin('event', 'event.id', 'membership.event_id')
        .innerJoin('room', 'room.event_id', 'event.id')
        .selectAll('event')
        .select('membership.role')
        .where('membership.user_id', '=', user)
        .where('membership.banned', '=', 0)
        .where('event.form', '=', 'room')
        // That is not one of many that somebody looks through.
        .where('room.kind', '!=', 'inbox')
      if (kind !== undefined) query = query.where('room.kind', '=', kind)
      const rows = await query.orderBy('event.created_at', 'desc').limit(ROOMS_LISTED_MAX).execute()
      const roles = new Map(rows.map(({ id, role }) => [id, role]))
      return (await withRooms(rows)).map((event) => ({ ...event, role: roles.get(event.id) ?? 'attendee' }))
    },

    /** Those of the ids that exist, the newest first. */
    async byIds(ids: readonly EventId[]): Promise<KeptEvent[]> {
      if (ids.length === 0) return []
      return await withRooms(
        await store.selectFrom('event').selectAll().where('id', 'in', ids).orderBy('created_at', 'desc').execute(),
      )
    },

    /** Makes an event with its first rooms and, in the same transaction, whatever else belongs to it. */
    async create(made: NewEvent, alongside: (tx: Store, id: EventId) => Promise<void>): Promise<KeptEvent> {
      const id = deps.id() as EventId
      await store.transaction().execute(async (tx) => {
        await insertWithFreshCode(tx, id, made)
        for (const [place, room] of (made.rooms ?? deps.rooms).entries()) {
          const { kind, title } = room
          await tx
            .insertInto('room')
            .values({
              id: room.id ?? (deps.id() as RoomId),
              event_id: id,
              place,
              kind,
              title,
              settings: settingsOf(room),
            })
            .execute()
        }
        await alongside(tx, id)
      })
      return await one('id', id)
    },

    /** One more room, behind those that it has. Throws `bad_request` for settings that are none, and `refused` when there are too many. */
    async addRoom(event: EventId, template: RoomTemplate): Promise<KeptEvent> {
      const { kind, title } = template
      const settings = settingsOf(template)
      await store.transaction().execute(async (tx) => {
        // Writing the event's row makes others who add rooms to it wait.
        await tx
          .updateTable('event')
          .set((row) => ({ status: row.ref('status') }))
          .where('id', '=', event)
          .execute()
        const places = await tx.selectFrom('room').select('place').where('event_id', '=', event).execute()
        if (places.length >= LIMITS.roomsPerEvent)
          throw new PlenaryError('refused', 'This event has as many rooms as there can be.', {
            reason: 'too_many_rooms',
          })
        const place = Math.max(-1, ...places.map((row) => row.place)) + 1
        await tx
          .insertInto('room')
          .values({ id: deps.id() as RoomId, event_id: event, place, kind, title, settings })
          .execute()
      })
      return await one('id', event)
    },

    /** Throws `conflict` when another event has the code. */
    async change(id: EventId, change: EventChange): Promise<KeptEvent> {
      if (change.code !== undefined) await requireUninvited(store, change.code)
      try {
        await store.updateTable('event').set(change).where('id', '=', id).execute()
      } catch (error) {
        if (!isDuplicate(error)) throw error
        throw new PlenaryError('conflict', 'Another event has this code already.', { cause: error })
      }
      return await one('id', id)
    },

    /** The zone that owns a room: its event's. Null for no room. */
    async zoneOfRoom(id: RoomId): Promise<string | null> {
      const row = await store
        .selectFrom('room')
        .innerJoin('event', 'event.id', 'room.event_id')
        .select('event.zone')
        .where('room.id', '=', id)
        .executeTakeFirst()
      return row?.zone ?? null
    },

    /** What the engine must know of a room; null for none. */
    async findRoom(id: RoomId): Promise<RoomSpec | null> {
      const room = await store.selectFrom('room').selectAll().where('id', '=', id).executeTakeFirst()
      if (room === undefined) return null
      return { kind: room.kind, settings: JSON.parse(room.settings) as Json, access: { event: room.event_id } }
    },
  }
}

type EventRow = Selectable<Tables['event']>

/** An event as clients get it. */
export function toInfo({ createdAt: _, zone: __, ...info }: KeptEvent): EventInfo {
  return info
}
