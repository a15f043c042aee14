import type { Millis, RoomId, Seq } from '@plenary/kinds'
import { decodeAppend } from './append-text.ts'
import type { RoomAppend, StoredEntry } from './log.ts'
import type { SettleLimits } from './sqlite-limits.ts'

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

/** All that one generation has of one room, and how far it is in its places. */
export class ArrivedRoom {
  readonly room: RoomId
  readonly shard: string
  readonly parts: RoomAppend[] = []
  head: Seq = 0
  deadline: Millis | null = null
  /** Up to here its entries are in their places. */
  moved: Seq
  /** Whether its row in the table `room` does not say all of this yet. */
  open = true
  /** The parts before it are in their places. */
  #part = 0

  constructor(room: RoomId, shard: string, moved: Seq) {
    this.room = room
    this.shard = shard
    this.moved = moved
  }

  add(part: RoomAppend): void {
    this.parts.push(part)
    this.head = part.after + part.entries.length
    this.deadline = part.deadline
    this.open = true
  }

  /** Entries that are not in their places, up to a seq. */
  *waiting(through: Seq = this.head): Generator<StoredEntry> {
    for (let at = this.#part; at < this.parts.length; at++) {
      const part = this.parts[at]
      if (part === undefined || part.after >= through) return
      for (const entry of part.entries) if (entry.seq > this.moved && entry.seq <= through) yield entry
    }
  }

  /** After what waits up to there was put in its places. */
  advance(through: Seq): void {
    this.moved = through
    this.open = through < this.head
    for (let part = this.parts[this.#part]; part !== undefined; part = this.parts[++this.#part]) {
      if (part.after + part.entries.length > through) break
    }
  }
}

/** A row of the table `arrival`. */
export interface ArrivalRow {
  num: number
  chars: number
}

/**
 * What arrived in some span of time and is not in its rooms' places. Only in memory what the table `arrival` says as well, in
 * the order of its arrival and by rooms.
 */
export class Generation {
  readonly rows: ArrivalRow[] = []
  readonly parts: RoomAppend[] = []
  readonly #rooms = new Map<RoomId, ArrivedRoom>()
  #entries = 0
  #chars = 0

  get empty(): boolean {
    return this.rows.length === 0
  }

  /** Whether it has so much that the next one should begin. */
  full({ generationEntriesMax, generationCharsMax }: SettleLimits): boolean {
    return this.#entries >= generationEntriesMax || this.#chars >= generationCharsMax
  }

  room(id: RoomId): ArrivedRoom | undefined {
    return this.#rooms.get(id)
  }

  rooms(): IterableIterator<ArrivedRoom> {
    return this.#rooms.values()
  }

  /** One row with what it has of each room. `placed` says up to where a room's entries are in their places already. */
  add(row: ArrivalRow, arrivals: readonly Arrival[], placed: (arrival: Arrival) => Seq): void {
    this.rows.push(row)
    this.#chars += row.chars
    for (const arrival of arrivals) {
      let room = this.#rooms.get(arrival.room)
      if (room === undefined) {
        room = new ArrivedRoom(arrival.room, arrival.shard, placed(arrival))
        this.#rooms.set(arrival.room, room)
      }
      room.add(arrival)
      this.parts.push(arrival)
      this.#entries += arrival.entries.length
    }
  }
}
