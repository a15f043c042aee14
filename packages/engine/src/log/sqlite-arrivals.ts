import type { Millis, RoomId, Seq } from '@plenary/kinds'
import { decodeAppend } from './append-text.ts'
import type { RoomAppend, StoredEntry } from './log.ts'

/** Entries that wait for their places, past which they are put there before more are taken. */
const ENTRIES_MAX = 8_192
const CHARS_MAX = 4 * 1024 * 1024

/** One room's part of an append that was accepted. */
export interface Arrival extends RoomAppend {
  shard: string
}

/** What a row of the table `arrival` says; before version 3 of the tables it was one list of JSON. */
export function readArrivals(row: string): Arrival[] {
  if (row.startsWith('[')) return JSON.parse(row) as Arrival[]
  const { shard, batch } = decodeAppend(row)
  return batch.map((append) => ({ ...append, shard }))
}

/** All that has arrived for one room. */
export interface ArrivedRoom {
  shard: string
  head: Seq
  deadline: Millis | null
  entries: StoredEntry[]
}

/** What is durable in the order of its arrival, and not yet in its rooms' places. Only in memory what the file's table `arrival` says as well. */
export class Arrivals {
  readonly #rooms = new Map<RoomId, ArrivedRoom>()
  #entries = 0
  #chars = 0

  get empty(): boolean {
    return this.#rooms.size === 0
  }

  get full(): boolean {
    return this.#entries >= ENTRIES_MAX || this.#chars >= CHARS_MAX
  }

  room(id: RoomId): ArrivedRoom | undefined {
    return this.#rooms.get(id)
  }

  rooms(): IterableIterator<[RoomId, ArrivedRoom]> {
    return this.#rooms.entries()
  }

  add({ room, shard, after, entries, deadline }: Arrival): void {
    const head = after + entries.length
    const known = this.#rooms.get(room)
    if (known === undefined) {
      this.#rooms.set(room, { shard, head, deadline, entries: [...entries] })
    } else {
      known.head = head
      known.deadline = deadline
      for (const entry of entries) known.entries.push(entry)
    }
    this.#entries += entries.length
    for (const { json } of entries) this.#chars += json.length
  }

  clear(): void {
    this.#rooms.clear()
    this.#entries = 0
    this.#chars = 0
  }
}
