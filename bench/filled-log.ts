import { randomUUIDv7 } from 'node:crypto'
import { openSqliteLog, shardName } from '@plenary/engine'
import { chat, type CommandId, type EventId, type RoomId, type RoomSpec } from '@plenary/kinds'
import { shardOf } from '../packages/engine/src/owner/orders.ts'
import { openDataFolder } from '../packages/server/src/ops/data-folder.ts'

/** As one machine has them. */
const ZONE = 'local'
const SHARDS = 16
const APPENDED_AT_ONCE = 1_000
const SPEC: RoomSpec = {
  kind: chat.name,
  settings: { slowMs: 0, hold: false },
  access: { event: 'bench-event' as EventId },
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

function made(room: RoomId) {
  const id = randomUUIDv7() as CommandId
  const at = Date.now()
  const by = { id: 'system', name: 'system', role: 'system' }
  const json = JSON.stringify({ seq: 1, at, by, type: '$created', body: { spec: SPEC, version: chat.version }, id })
  return { room, after: 0, entries: [{ seq: 1, id, at, sees: 'nobody' as const, about: null, json }], deadline: null }
}
