import type { CommandId, RoomId, Seq } from '@plenary/kinds'
import type { ShardBatch } from './append-text.ts'
import type { RoomAppend } from './log.ts'
import { readArrivals, Generation, type ArrivalRow, type ArrivedRoom } from './sqlite-arrivals.ts'
import type { SqliteFile } from './sqlite-file.ts'
import type { SettleLimits } from './sqlite-limits.ts'
import { placeOf } from './sqlite-place.ts'
import type { SqliteRooms } from './sqlite-rooms.ts'
import { Settling, type Id, type Move } from './sqlite-settling.ts'

/**
 * Puts what has arrived in its places, bit by bit. There are two generations: the current one takes what arrives; the older one is
 * on its way, in slices of one transaction each: its rooms' entries first, one room after the other, so that many of a room go to their page
 * together; then the ids in the order of their arrival, so that they go to the end of theirs; then its rows in the table
 * `arrival` go. A slice need not be durable by itself: commits keep their order, so whatever is undone by a crash is there as
 * it arrived, and a room's row says how far its entries had come.
 */
export class SqliteSettler {
  readonly #file: SqliteFile
  readonly #rooms: SqliteRooms
  readonly #limits: SettleLimits
  #current = new Generation()
  #older: Settling | null = null

  /** Takes up what the file has that is not in its places. */
  constructor(file: SqliteFile, rooms: SqliteRooms, limits: SettleLimits) {
    this.#limits = limits
    this.#file = file
    this.#rooms = rooms
    for (const { num, appends } of file.sql('SELECT num, appends FROM arrival ORDER BY num').all()) {
      const text = String(appends)
      for (const batch of readArrivals(text)) this.add({ num: Number(num), chars: text.length }, batch)
    }
  }

  /** Whether anything is not in its place yet. */
  get unsettled(): boolean {
    return this.#older !== null || !this.#current.empty
  }

  /** Whether an older generation is on its way. */
  get settling(): boolean {
    return this.#older !== null
  }

  /** Whether the current generation will be full before the older one is done, as both go on now. */
  get behind(): boolean {
    return this.#older !== null && this.#older.progress < this.#current.fill(this.#limits)
  }

  /** What has arrived of a room, in the order of its arrival. */
  arrived(room: RoomId): ArrivedRoom[] {
    return [this.#older?.generation.room(room), this.#current.room(room)].filter((each) => each !== undefined)
  }

  /** Where a room ends by what has arrived; undefined when nothing has. */
  newest(room: RoomId): ArrivedRoom | undefined {
    return this.#current.room(room) ?? this.#older?.generation.room(room)
  }

  /** All rooms of which something has arrived, those of the older generation first. */
  *rooms(): Generator<ArrivedRoom> {
    if (this.#older !== null) yield* this.#older.generation.rooms()
    yield* this.#current.rooms()
  }

  add(row: ArrivalRow, batch: ShardBatch): void {
    this.#current.add(row, batch, this.#placed)
  }

  /** Makes room for more. Throws when that cannot be written. */
  makeRoom(): void {
    if (this.#current.fill(this.#limits) < 1) return
    while (this.#older !== null) this.slice()
    this.begin()
  }

  /** Lets the current generation become the older one, unless there still is one. */
  begin(): void {
    if (this.#older !== null || this.#current.empty) return
    this.#older = new Settling(this.#current, this.#limits)
    this.#current = new Generation()
  }

  /** One slice of the older generation. Throws when it cannot be written; it stays as it was, and is tried again. */
  slice(): void {
    const settling = this.#older
    if (settling === null) return
    const moves = settling.moves()
    if (moves.length > 0) {
      this.#move(moves)
      return
    }
    const { ids, done } = settling.ids()
    if (ids.length > 0) {
      this.#insert(ids)
      done()
      return
    }
    this.#delete(settling)
    if (settling.over) this.#older = null
  }

  /** Puts everything in its places. */
  settle(): void {
    while (this.unsettled) {
      this.begin()
      this.slice()
    }
  }

  /** Puts what has arrived of one room in its places. */
  settleRoom(room: RoomId): void {
    const moves = this.arrived(room).filter(({ open }) => open)
    if (moves.length > 0) this.#move(moves.map((arrived) => ({ arrived, through: arrived.head })))
  }

  /** The last place of an id in what has arrived. */
  find(room: RoomId, id: CommandId): Seq | null {
    for (const { parts } of this.arrived(room).toReversed()) {
      for (const { entries } of parts.toReversed()) {
        const found = entries.findLast((entry) => entry.id === id)
        if (found !== undefined) return found.seq
      }
    }
    return null
  }

  readonly #placed = ({ room, after }: RoomAppend): Seq => this.#rooms.place(room)?.head ?? after

  #move(moves: readonly Move[]): void {
    const insert = this.#file.sql(
      `INSERT INTO entry (place, id, at, sees, about, json) VALUES (${placeOf('?', '?')}, ?, ?, ?, ?, ?)`,
    )
    this.#file.unsynced(() => {
      for (const { arrived, through } of moves) {
        const num = this.#rooms.move(arrived.room, arrived.shard, through, arrived.deadline)
        for (const { seq, id, at, sees, about, json } of arrived.waiting(through))
          insert.run(num, seq, id, at, sees, about, json)
      }
    })
    for (const { arrived, through } of moves) {
      const count = arrived.advance(through)
      if (this.#older?.generation.room(arrived.room) === arrived) this.#older.moved(count)
    }
  }

  #insert(ids: readonly Id[]): void {
    // After a crash some are there already.
    const insert = this.#file.sql('INSERT INTO command (id, room, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    this.#file.unsynced(() => {
      for (const { id, room, seq } of ids) {
        const num = this.#rooms.place(room)?.num
        if (num === undefined) throw new Error(`Room ${room} has no row.`)
        insert.run(id, num, seq)
      }
    })
  }

  #delete(settling: Settling): void {
    const rows = settling.rows()
    const last = rows.at(-1)
    if (last === undefined) return
    this.#file.unsynced(() => this.#file.sql('DELETE FROM arrival WHERE num <= ?').run(last.num))
    settling.deleted(rows)
  }
}
