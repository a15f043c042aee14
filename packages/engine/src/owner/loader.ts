import { PlenaryError } from '@plenary/kinds'
import type { CommandId, KindTable, RoomId, RoomSpec, Seq } from '@plenary/kinds'
import type { RoomKeys } from '../keys/keys.ts'
import type { RoomLog, ShardLog, StoredEntry } from '../log/log.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { isOutdated, Misfolded, Room } from './room.ts'

/** Finds what a room is when its log is still empty. Null for a room that does not exist. */
export interface RoomDirectory {
  find(room: RoomId): Promise<RoomSpec | null>
  /** The zone that owns a room, where there are several. Null for a room that does not exist. */
  zoneOf?(room: RoomId): Promise<string | null>
}

const REPLAY_PAGE_ENTRIES = 5_000

export interface LoaderDeps {
  runtime: Runtime
  log: RoomLog
  directory: RoomDirectory
  kinds: KindTable
  /** Without it nothing is held in secret. */
  keys?: RoomKeys
}

/**
 * Brings a room into memory from its log, or makes it. `entries` are to be made durable before anything of it is shown.
 * Throws `not_found`, `unavailable` for a kind that this node cannot read, and `Misfolded` when the kind throws.
 */
export async function loadRoom(
  deps: LoaderDeps,
  shard: ShardLog,
  id: RoomId,
): Promise<{ room: Room; entries: StoredEntry[] }> {
  const { runtime, kinds } = deps
  let loaded = await shard.load(id)
  if (loaded.snapshot !== null && isOutdated(loaded.snapshot, kinds)) {
    loaded = { ...loaded, snapshot: null, entries: await readWhole(deps.log, id, loaded.head) }
  }
  const command = runtime.uuid() as CommandId
  const restored = folding(() => Room.restore(id, loaded, kinds, runtime.monotonic()))
  if (restored !== null) {
    const { room, upgrade } = restored
    if (room.kind.secrets !== undefined && deps.keys !== undefined) room.keys = await deps.keys.of(id)
    return { room, entries: upgrade ? [room.upgrade(runtime.now(), command)] : [] }
  }
  const spec = await deps.directory.find(id)
  if (spec === null) throw new PlenaryError('not_found', 'There is no such room.')
  return folding(() => Room.create(id, spec, kinds, runtime.monotonic(), runtime.now(), command))
}

function folding<T>(fold: () => T): T {
  try {
    return fold()
  } catch (error) {
    throw error instanceof PlenaryError ? error : new Misfolded(error)
  }
}

async function readWhole(log: RoomLog, room: RoomId, through: Seq): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = []
  while (entries.length < through) {
    const after = entries.at(-1)?.seq ?? 0
    const page = await log.read(room, { after, through, limit: REPLAY_PAGE_ENTRIES, reader: 'all' })
    if (page.length === 0) throw new Error(`Room ${room} has a hole in its log after ${after}.`)
    entries.push(...page)
  }
  return entries
}
