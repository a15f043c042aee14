import type { CommandId, LogId, Millis, RoomId, Seq } from '@plenary/kinds'
import { Fenced } from '../../packages/engine/src/log/log.ts'
import type {
  Amended,
  CommandPlace,
  LoadedRoom,
  Reader,
  RoomAppend,
  Slice,
  Snapshot,
  StoredEntry,
} from '../../packages/engine/src/log/log.ts'
import type { LogHappening } from './happening.ts'
import type { Shape } from './plan.ts'

export const LOG_ID = 'log-1' as LogId

interface KeptRoom {
  shard: string
  entries: StoredEntry[]
  deadline: Millis | null
  snapshot: Snapshot | null
}

/** Who asks, for the record. */
export interface Writer {
  node: number
  shard: string
  epoch: number
}

/** What is durable: it is what the log would say if it could be asked without a fault. */
export class LogStore {
  readonly #mode: Shape['log']
  readonly #tell: (happening: LogHappening) => void
  readonly #epochs = new Map<string, number>()
  readonly #rooms = new Map<RoomId, KeptRoom>()

  constructor(mode: Shape['log'], tell: (happening: LogHappening) => void) {
    this.#mode = mode
    this.#tell = tell
  }

  get rooms(): readonly RoomId[] {
    return [...this.#rooms.keys()].toSorted()
  }

  epoch(shard: string): number {
    return this.#epochs.get(shard) ?? 0
  }

  acquire({ node, shard, epoch }: Writer): void {
    if (epoch <= this.epoch(shard)) throw new Fenced(shard, epoch)
    this.#epochs.set(shard, Math.max(epoch, this.epoch(shard)))
    this.#tell({ what: 'acquired', shard, epoch, node })
  }

  /**
   * All or nothing. A stale epoch is refused with `Fenced` where the log judges itself; where readers judge, it is taken, in force for
   * nobody, and the writer is not told.
   */
  append({ node, shard, epoch }: Writer, batch: readonly RoomAppend[]): void {
    if (epoch !== this.epoch(shard)) {
      if (this.#mode === 'fenced') throw new Fenced(shard, epoch)
      return
    }
    for (const { room, after, entries } of batch) {
      const kept = this.#rooms.get(room)
      const head = kept?.entries.length ?? 0
      if (head !== after) throw new Error(`Room ${room} is at ${head}, not at ${after}.`)
      if (kept !== undefined && kept.shard !== shard) throw new Error(`Room ${room} is in shard ${kept.shard}.`)
      const astray = entries.find(({ seq }, at) => seq !== after + at + 1)
      if (astray !== undefined) throw new Error(`Entry ${astray.seq} of room ${room} is not where it belongs.`)
    }
    for (const { room, entries, deadline } of batch) {
      const kept = this.#rooms.get(room) ?? { shard, entries: [], deadline: null, snapshot: null }
      this.#rooms.set(room, kept)
      kept.entries.push(...entries)
      kept.deadline = deadline
    }
    this.#tell({ what: 'landed', shard, epoch, node, batch })
  }

  snapshot({ shard, epoch }: Writer, room: RoomId, snapshot: Snapshot): void {
    if (epoch !== this.epoch(shard)) throw new Fenced(shard, epoch)
    const kept = this.#rooms.get(room)
    if (kept === undefined || snapshot.seq > kept.entries.length) throw new Error('A snapshot lies past the log.')
    if (snapshot.seq < (kept.snapshot?.seq ?? 0)) return
    kept.snapshot = snapshot
    this.#tell({ what: 'snapshot', shard, epoch, room, snapshot })
  }

  load(room: RoomId): LoadedRoom {
    const kept = this.#rooms.get(room)
    if (kept === undefined) return { head: 0, snapshot: null, entries: [] }
    return {
      head: kept.entries.length,
      snapshot: kept.snapshot,
      entries: kept.entries.slice(kept.snapshot?.seq ?? 0),
    }
  }

  ids(room: RoomId, limit: number): CommandPlace[] {
    const entries = this.#rooms.get(room)?.entries ?? []
    return entries.slice(Math.max(0, entries.length - limit)).map(({ id, seq }) => ({ id, seq }))
  }

  find(room: RoomId, id: CommandId): Seq | null {
    return this.entries(room).findLast((entry) => entry.id === id)?.seq ?? null
  }

  deadlines(shard: string): { room: RoomId; at: Millis }[] {
    return this.rooms.flatMap((room) => {
      const kept = this.#rooms.get(room)
      return kept?.shard === shard && kept.deadline !== null ? [{ room, at: kept.deadline }] : []
    })
  }

  entries(room: RoomId): readonly StoredEntry[] {
    return this.#rooms.get(room)?.entries ?? []
  }

  read(room: RoomId, { after, through, limit, newestFirst = false, reader }: Slice): StoredEntry[] {
    const found = this.entries(room)
      .slice(after, Math.max(after, through))
      .filter((entry) => maySee(reader, entry))
    return newestFirst ? found.slice(Math.max(0, found.length - limit)) : found.slice(0, limit)
  }

  amendments(room: RoomId, { subjects, after, limit, reader }: Amended): StoredEntry[] {
    const wanted = new Set<Seq | null>(subjects)
    const found = this.entries(room).filter(
      (entry) => entry.seq > after && wanted.has(entry.about) && maySee(reader, entry),
    )
    return found.slice(0, limit)
  }

  seqAt(room: RoomId, at: Millis): Seq {
    return this.entries(room).findLast((entry) => entry.at <= at)?.seq ?? 0
  }
}

function maySee(reader: Reader, { sees }: StoredEntry): boolean {
  if (reader === 'all' || sees === 'everyone') return true
  return sees === 'staff' ? reader.audience === 'staff' : reader.user !== null && sees === `only:${reader.user}`
}
