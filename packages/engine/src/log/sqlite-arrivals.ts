import type { Millis, RoomId, Seq } from '@plenary/kinds'
import { decodeAppend, type ShardBatch } from './append-text.ts'
import type { RoomAppend, StoredEntry } from './log.ts'
import type { SettleLimits } from './sqlite-limits.ts'

/** What a row of the table `arrival` says: one shard's append; before version 3 of the tables a list, each with its shard. */
export function readArrivals(row: string): ShardBatch[] {
  if (!row.startsWith('[')) return [decodeAppend(row)]
  const list = JSON.parse(row) as (RoomAppend & { shard: string })[]
  return list.map(({ shard, ...append }) => ({ shard, batch: [append] }))
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

  /** After what waits up to there was put in its places. Answers how many entries that was. */
  advance(through: Seq): number {
    let count = 0
    for (let part = this.parts[this.#part]; part !== undefined && part.after < through; part = this.parts[this.#part]) {
      const end = part.after + part.entries.length
      count += Math.max(Math.min(end, through) - Math.max(part.after, this.moved), 0)
      if (end > through) break
      this.#part++
    }
    this.moved = through
    this.open = through < this.head
    return count
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

  get entries(): number {
    return this.#entries
  }

  /** How much it has of what it takes; from 1 on the next one should begin. */
  fill({ entriesPerRoom, generationEntriesMin, generationEntriesMax, generationCharsMax }: SettleLimits): number {
    const wanted = Math.max(entriesPerRoom * this.#rooms.size, generationEntriesMin)
    return Math.max(this.#entries / Math.min(wanted, generationEntriesMax), this.#chars / generationCharsMax)
  }

  room(id: RoomId): ArrivedRoom | undefined {
    return this.#rooms.get(id)
  }

  rooms(): IterableIterator<ArrivedRoom> {
    return this.#rooms.values()
  }

  /** One row with what it has of each room. `placed` says up to where a room's entries are in their places already. */
  add(row: ArrivalRow, { shard, batch }: ShardBatch, placed: (append: RoomAppend) => Seq): void {
    this.rows.push(row)
    this.#chars += row.chars
    for (const part of batch) {
      let room = this.#rooms.get(part.room)
      if (room === undefined) this.#rooms.set(part.room, (room = new ArrivedRoom(part.room, shard, placed(part))))
      room.add(part)
      this.parts.push(part)
      this.#entries += part.entries.length
    }
  }
}
