import type { CommandId, Millis, RoomId, Seq } from '@plenary/kinds'
import type { Amended, CommandPlace, LoadedRoom, Reader, Slice, StoredEntry } from '../log.ts'
import type { PostgresReads } from '../postgres-reads.ts'

/**
 * A room's entries out of PostgreSQL and the newest of them in memory, as one. The two may overlap; PostgreSQL has all that comes
 * before the first in memory, provided that those in memory were looked at first. PostgreSQL is not asked where memory is enough.
 */
export class MergedReads {
  readonly #kept: PostgresReads

  constructor(kept: PostgresReads) {
    this.#kept = kept
  }

  async find(room: RoomId, newest: readonly StoredEntry[], id: CommandId): Promise<Seq | null> {
    const found = newest.findLast((entry) => entry.id === id)
    if (found !== undefined) return found.seq
    return newest[0]?.seq === 1 ? null : await this.#kept.find(room, id)
  }

  async load(room: RoomId, newest: readonly StoredEntry[]): Promise<LoadedRoom> {
    const whole = newest[0]?.seq === 1
    const loaded = whole ? EMPTY : await this.#kept.load(room)
    const later = newest.filter(({ seq }) => seq > loaded.head)
    const first = later[0]
    if (first !== undefined && first.seq !== loaded.head + 1)
      throw new Error(`Room ${room} has a hole before ${first.seq}.`)
    return {
      head: later.at(-1)?.seq ?? loaded.head,
      snapshot: loaded.snapshot,
      entries: [...loaded.entries, ...later],
    }
  }

  async ids(room: RoomId, newest: readonly StoredEntry[], limit: number): Promise<CommandPlace[]> {
    const enough = newest[0]?.seq === 1 || newest.length >= limit
    const kept = enough ? [] : await this.#kept.ids(room, limit)
    const last = kept.at(-1)?.seq ?? 0
    const later = newest.filter(({ seq }) => seq > last).map(({ id, seq }) => ({ id, seq }))
    const known = [...kept, ...later]
    return known.slice(Math.max(0, known.length - limit))
  }

  async read(room: RoomId, newest: readonly StoredEntry[], slice: Slice): Promise<StoredEntry[]> {
    const { after, through, limit, newestFirst = false, reader } = slice
    const first = newest[0]?.seq ?? Infinity
    const visible = newest.filter((entry) => entry.seq > after && entry.seq <= through && maySee(reader, entry))
    const own = newestFirst ? visible.slice(Math.max(0, visible.length - limit)) : visible
    const missing = newestFirst ? limit - own.length : limit
    if (first <= after + 1 || missing === 0) return own.slice(0, limit)
    const older = await this.#kept.read(room, { ...slice, through: Math.min(through, first - 1), limit: missing })
    return [...older, ...own].slice(0, limit)
  }

  async amendments(room: RoomId, newest: readonly StoredEntry[], amended: Amended): Promise<StoredEntry[]> {
    const { subjects, after, limit, reader } = amended
    const first = newest[0]?.seq ?? Infinity
    const wanted = new Set<Seq | null>(subjects)
    const own = newest.filter((entry) => entry.seq > after && wanted.has(entry.about) && maySee(reader, entry))
    const older = first <= after + 1 ? [] : await this.#kept.amendments(room, amended)
    return [...older.filter(({ seq }) => seq < first), ...own].slice(0, limit)
  }

  async seqAt(room: RoomId, newest: readonly StoredEntry[], at: Millis): Promise<Seq> {
    const found = newest.findLast((entry) => entry.at <= at)
    if (found !== undefined) return found.seq
    return newest[0]?.seq === 1 ? 0 : await this.#kept.seqAt(room, at)
  }
}

const EMPTY: LoadedRoom = { head: 0, snapshot: null, entries: [] }

function maySee(reader: Reader, { sees }: StoredEntry): boolean {
  if (reader === 'all' || sees === 'everyone') return true
  return sees === 'staff' ? reader.audience === 'staff' : reader.user !== null && sees === `only:${reader.user}`
}
