import type { Millis, RoomId, Seq } from '@plenary/kinds'
import type { RoomAppend, StoredEntry } from '../log.ts'

/** What one room has past PostgreSQL. */
interface OverlaidRoom {
  /** Dense and ascending; empty when appends only moved the deadline. */
  entries: StoredEntry[]
  head: Seq
  deadline: Millis | null
  /** Offset of the last record that speaks of it. */
  offset: number
}

/** What one shard has in Kafka and maybe not in PostgreSQL, in memory. Overlaps with PostgreSQL and leaves no hole between. */
export class Overlay {
  readonly #rooms = new Map<RoomId, OverlaidRoom>()
  readonly #records: { offset: number; rooms: { room: RoomId; entries: number }[]; chars: number }[] = []
  /** Of all entries' texts. */
  chars = 0

  get empty(): boolean {
    return this.#records.length === 0
  }

  add(offset: number, batch: readonly RoomAppend[]): void {
    let chars = 0
    for (const { room, after, entries, deadline } of batch) {
      const own = this.#rooms.get(room)?.entries ?? []
      for (const entry of entries) {
        own.push(entry)
        chars += entry.json.length
      }
      this.#rooms.set(room, { entries: own, head: after + entries.length, deadline, offset })
    }
    this.#records.push({ offset, rooms: batch.map(({ room, entries }) => ({ room, entries: entries.length })), chars })
    this.chars += chars
  }

  /** Forgets the records below this offset: PostgreSQL has them. */
  trim(next: number): void {
    const kept = this.#records.findIndex((record) => record.offset >= next)
    const gone = this.#records.splice(0, kept === -1 ? this.#records.length : kept)
    const counts = new Map<RoomId, number>()
    for (const { rooms, chars } of gone) {
      this.chars -= chars
      for (const { room, entries } of rooms) counts.set(room, (counts.get(room) ?? 0) + entries)
    }
    for (const [room, count] of counts) {
      const own = this.#rooms.get(room)
      if (own === undefined) continue
      if (own.offset < next) this.#rooms.delete(room)
      else own.entries.splice(0, count)
    }
  }

  has(room: RoomId): boolean {
    return this.#rooms.has(room)
  }

  head(room: RoomId): Seq | undefined {
    return this.#rooms.get(room)?.head
  }

  /** Where the last record that speaks of this room is. */
  lastOffset(room: RoomId): number | undefined {
    return this.#rooms.get(room)?.offset
  }

  /** As of now: neither appends nor trimming change what was given out. */
  entries(room: RoomId): StoredEntry[] {
    return this.#rooms.get(room)?.entries.slice() ?? []
  }

  /** The last word on each room's deadline. */
  deadlines(): Map<RoomId, Millis | null> {
    return new Map([...this.#rooms].map(([room, { deadline }]) => [room, deadline]))
  }
}
