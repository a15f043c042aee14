import type { Millis, RoomId, Seq } from '@plenary/kinds'
import type { SqliteFile } from './sqlite-file.ts'

/** Rooms whose place is remembered; past it the oldest is looked up again. */
const PLACES_MAX = 20_000

/** Where a room stands in the tables. */
export interface Place {
  num: number
  shard: string
  /** Up to here its entries are in their places. */
  head: Seq
}

/** The table `room`, remembered. */
export class SqliteRooms {
  readonly #file: SqliteFile
  readonly #places = new Map<RoomId, Place>()

  constructor(file: SqliteFile) {
    this.#file = file
  }

  place(room: RoomId): Place | undefined {
    const known = this.#places.get(room)
    if (known !== undefined) return known
    const row = this.#file.sql('SELECT num, shard, head FROM room WHERE id = ?').get(room)
    if (row === undefined) return undefined
    const place = { num: Number(row['num']), shard: String(row['shard']), head: Number(row['head']) }
    if (this.#places.size >= PLACES_MAX) {
      for (const oldest of [...this.#places.keys()].slice(0, 100)) this.#places.delete(oldest)
    }
    this.#places.set(room, place)
    return place
  }

  /** Sets where a room ends, and makes it if it is new. Answers its number. */
  move(room: RoomId, shard: string, head: Seq, deadline: Millis | null): number {
    const place = this.place(room)
    if (place === undefined) {
      const made = this.#file.sql('INSERT INTO room (id, shard, head, deadline) VALUES (?, ?, ?, ?)')
      return Number(made.run(room, shard, head, deadline).lastInsertRowid)
    }
    this.#file.sql('UPDATE room SET head = ?, deadline = ? WHERE num = ?').run(head, deadline, place.num)
    place.head = head
    return place.num
  }

  /** After a transaction was taken back, what it set is not so. */
  forget(): void {
    this.#places.clear()
  }
}
