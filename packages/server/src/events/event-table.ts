import {
  PlenaryError,
  type api,
  type EventId,
  type Json,
  type KindTable,
  type Millis,
  type RoomId,
  type RoomSpec,
} from '@plenary/kinds'
import { isDuplicate, type Store } from '../store/store.ts'
import { randomCode } from './codes.ts'

type EventInfo = api.EventInfo

/** Tries before giving up on a fresh code; with a billion codes even the second is rare. */
const CODE_TRIES = 20

/** A room that every new event begins with. */
export interface RoomTemplate {
  kind: string
  title: string
  settings?: Json
}

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

  async function insertWithFreshCode(tx: Store, id: EventId, title: string): Promise<void> {
    for (let tries = 0; tries < CODE_TRIES; tries++) {
      const code = randomCode(deps.pick)
      const inserted = await tx
        .insertInto('event')
        .values({ id, code, title, status: 'live', zone: deps.zone, created_at: deps.now() })
        .onConflict((conflict) => conflict.column('code').doNothing())
        .returning('id')
        .execute()
      if (inserted.length > 0) return
    }
    throw new PlenaryError('unavailable', 'No free event code was found. Try again.')
  }

  return {
    /** Throws `not_found`. */
    byId: (id: EventId): Promise<KeptEvent> => one('id', id),
    /** Throws `not_found`. */
    byCode: (code: string): Promise<KeptEvent> => one('code', code),

    /** Those of the ids that exist, the newest first. */
    async byIds(ids: readonly EventId[]): Promise<KeptEvent[]> {
      if (ids.length === 0) return []
      return await withRooms(
        await store.selectFrom('event').selectAll().where('id', 'in', ids).orderBy('created_at', 'desc').execute(),
      )
    },

    /** Makes an event with its first rooms and, in the same transaction, whatever else belongs to it. */
    async create(title: string, alongside: (tx: Store, id: EventId) => Promise<void>): Promise<KeptEvent> {
      const id = deps.id() as EventId
      await store.transaction().execute(async (tx) => {
        await insertWithFreshCode(tx, id, title)
        for (const [place, { kind, title: name, settings }] of deps.rooms.entries()) {
          const rules = deps.kinds.get(kind)
          if (rules === undefined) throw new Error(`A new event's room has an unknown kind: ${kind}`)
          const parsed = JSON.stringify(rules.settings.parse(settings ?? {}))
          await tx
            .insertInto('room')
            .values({ id: deps.id() as RoomId, event_id: id, place, kind, title: name, settings: parsed })
            .execute()
        }
        await alongside(tx, id)
      })
      return await one('id', id)
    },

    /** Throws `conflict` when another event has the code. */
    async change(
      id: EventId,
      change: { title?: string; code?: string; status?: 'live' | 'ended' },
    ): Promise<KeptEvent> {
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

type EventRow = {
  id: EventId
  code: string
  title: string
  status: 'live' | 'ended'
  zone: string
  created_at: number | string | bigint
}

/** An event as clients get it. */
export function toInfo({ createdAt: _, zone: __, ...info }: KeptEvent): EventInfo {
  return info
}
