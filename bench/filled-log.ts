import { randomUUIDv7 } from 'node:crypto'
import { openSqliteLog, shardName } from '@plenary/engine'
import { chat, kindTable } from '@plenary/kinds'
import type { Actor, AnyKind, CommandId, EventId, Json, RoomId, RoomSpec, UserId } from '@plenary/kinds'
import type { StoredEntry } from '../packages/engine/src/log/log.ts'
import { shardOf } from '../packages/engine/src/owner/orders.ts'
import { Room } from '../packages/engine/src/owner/room.ts'
import { openDataFolder } from '../packages/server/src/ops/data-folder.ts'
import { TEXT } from './load/dialect.ts'

/** As one machine has them. */
const ZONE = 'local'
const SHARDS = 16
const APPENDED_AT_ONCE = 1_000
const PEOPLE = 500
const access = { event: 'bench-event' as EventId }
const SPEC: RoomSpec = { kind: chat.name, settings: { slowMs: 0, hold: false }, access }

/** What is said in a room, one after the other. */
export interface Saying {
  kind: AnyKind
  settings: Json
  /** Each command makes one entry. */
  next(number: number): { type: string; body: unknown; by: Actor }
}

const CHATTING: Saying = {
  kind: chat,
  settings: SPEC.settings,
  next: (number) => ({
    type: 'post',
    body: { text: `${number}: ${TEXT}` },
    by: { id: `user-${number % PEOPLE}` as UserId, name: `Person ${number % PEOPLE}`, role: 'attendee' },
  }),
}

/**
 * Puts one room into the log of a data folder in which so many entries were said, as its owner leaves it: with a snapshot near its end. Answers
 * how long that is, in characters.
 */
export async function fillRoom(
  folder: string,
  id: RoomId,
  entries: number,
  { kind, settings, next }: Saying = CHATTING,
): Promise<number> {
  const { log: file } = await openDataFolder(folder)
  const log = await openSqliteLog({ file })
  try {
    const shard = await log.acquire(shardName(ZONE, shardOf(id, SHARDS)), 1)
    const spec: RoomSpec = { kind: kind.name, settings, access }
    const { room, entries: first } = Room.create(id, spec, kindTable([kind]), 0, Date.now(), commandId())
    let waiting: StoredEntry[] = [...first]
    while (room.head < entries) {
      const order = { room: id, id: commandId(), again: false, ...next(room.head) }
      const taken = room.take(order, Date.now())
      if ('refused' in taken) throw new Error(taken.message)
      waiting.push(...taken.entries)
      if (waiting.length < APPENDED_AT_ONCE && room.head < entries) continue
      await shard.append([{ room: id, after: room.durable, entries: waiting, deadline: null }])
      room.durable += waiting.length
      waiting = []
    }
    const snapshot = room.snapshot()
    await shard.snapshot(id, snapshot)
    return snapshot.state.length
  } finally {
    await log.close()
  }
}

/** Puts so many rooms that nobody uses into the log of a data folder, each as its making leaves it. */
export async function fillLog(folder: string, rooms: number): Promise<void> {
  const { log: file } = await openDataFolder(folder)
  const log = await openSqliteLog({ file })
  try {
    const ofShard = Map.groupBy(
      Array.from({ length: rooms }, (_, index) => `idle-${index}` as RoomId),
      (room) => shardOf(room, SHARDS),
    )
    for (const [number, some] of ofShard) {
      const shard = await log.acquire(shardName(ZONE, number), 1)
      for (let from = 0; from < some.length; from += APPENDED_AT_ONCE) {
        await shard.append(some.slice(from, from + APPENDED_AT_ONCE).map(made))
      }
    }
  } finally {
    await log.close()
  }
}

const commandId = () => randomUUIDv7() as CommandId

function made(room: RoomId) {
  const id = commandId()
  const at = Date.now()
  const by = { id: 'system', name: 'system', role: 'system' }
  const json = JSON.stringify({ seq: 1, at, by, type: '$created', body: { spec: SPEC, version: chat.version }, id })
  return { room, after: 0, entries: [{ seq: 1, id, at, sees: 'nobody' as const, about: null, json }], deadline: null }
}
