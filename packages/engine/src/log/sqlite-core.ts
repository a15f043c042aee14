import type { CommandId, LogId, Millis, RoomId, Seq } from '@plenary/kinds'
import { randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { decodeAppend } from './append-text.ts'
import { Fenced } from './log.ts'
import type {
  Amended,
  CommandPlace,
  LoadedRoom,
  Reader,
  RoomAppend,
  Sees,
  Slice,
  Snapshot,
  StoredEntry,
} from './log.ts'
import { Arrivals, readArrivals, type Arrival } from './sqlite-arrivals.ts'
import { openTables } from './sqlite-tables.ts'

/** Rooms whose place is remembered; past it the oldest is looked up again. */
const PLACES_MAX = 20_000

export interface ShardAppend {
  shard: string
  epoch: number
  /** Of that shard, as `encodeAppend` makes it. */
  text: string
}

/** Where a room stands in the tables. */
interface Place {
  num: number
  shard: string
  head: Seq
}

/**
 * The tables of the log, used synchronously by one thread. Several shards' appends go into one transaction with one sync to
 * disk; each of them is whole or not at all. They are written in the order of their arrival, one row for each, and put in their
 * rooms' places many at a time: a page for each room would be written for each transaction otherwise.
 */
export class SqliteCore {
  readonly #db: DatabaseSync
  readonly #arrivals = new Arrivals()
  readonly #places = new Map<RoomId, Place>()
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#db = openTables(file)
    for (const { appends } of this.#sql('SELECT appends FROM arrival ORDER BY num').all()) {
      for (const arrival of readArrivals(String(appends))) this.#arrivals.add(arrival)
    }
    this.settle()
  }

  /** Whether anything is not in its place yet. */
  get unsettled(): boolean {
    return !this.#arrivals.empty
  }

  id(): LogId {
    const found = this.#sql(`SELECT value FROM meta WHERE key = 'log'`).get()
    if (found !== undefined) return String(found['value']) as LogId
    const id = randomBytes(9).toString('base64url')
    this.#sql(`INSERT INTO meta (key, value) VALUES ('log', ?)`).run(id)
    return id as LogId
  }

  epoch(shard: string): number {
    return Number(this.#sql('SELECT epoch FROM shard WHERE id = ?').get(shard)?.['epoch'] ?? 0)
  }

  /** All in one transaction; gives for each whether it was taken. */
  acquire(claims: readonly { shard: string; epoch: number }[]): boolean[] {
    return this.#transaction(() =>
      claims.map(({ shard, epoch }) => {
        const taken = this.#sql(
          `INSERT INTO shard (id, epoch) VALUES (?, ?)
           ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch WHERE excluded.epoch > shard.epoch`,
        ).run(shard, epoch)
        return taken.changes === 1
      }),
    )
  }

  /** One transaction for all; a fenced or broken append leaves the others whole. */
  append(appends: readonly ShardAppend[]): (Error | null)[] {
    if (this.#arrivals.full) this.settle()
    const accepted: Arrival[] = []
    const arrive = this.#sql('INSERT INTO arrival (appends) VALUES (?)')
    const errors = this.#transaction(() => {
      const heads = new Map<RoomId, Seq>()
      const each = appends.map((one) => {
        if (this.epoch(one.shard) !== one.epoch) return new Fenced(one.shard, one.epoch)
        const own = new Map<RoomId, Seq>()
        const { batch } = decodeAppend(one.text)
        for (const room of batch) {
          const why = this.#mismatch(one.shard, room, own.get(room.room) ?? heads.get(room.room))
          if (why !== null) return new Error(why)
          own.set(room.room, room.after + room.entries.length)
        }
        for (const [room, head] of own) heads.set(room, head)
        for (const room of batch) accepted.push({ ...room, shard: one.shard })
        arrive.run(one.text)
        return null
      })
      return each
    })
    for (const arrival of accepted) this.#arrivals.add(arrival)
    return errors
  }

  /** Puts what has arrived in its places. Throws when that cannot be written; it stays durable, and is tried again. */
  settle(): void {
    if (this.#arrivals.empty) return
    // What is moved is durable where it was: the next append's sync, or this one's own neighbours, will do.
    this.#db.exec('PRAGMA synchronous = NORMAL')
    try {
      this.#transaction(() => {
        const insert = this.#sql(
          'INSERT INTO entry (room, seq, id, at, sees, about, json) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        for (const [room, { shard, head, deadline, entries }] of this.#arrivals.rooms()) {
          const num = this.#move(room, shard, head, deadline)
          for (const { seq, id, at, sees, about, json } of entries) insert.run(num, seq, id, at, sees, about, json)
        }
        this.#sql('DELETE FROM arrival').run()
      })
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL')
    }
    this.#arrivals.clear()
  }

  find(room: RoomId, id: CommandId): Seq | null {
    const num = this.#number(room)
    if (num === null) return null
    const row = this.#sql('SELECT max(seq) AS seq FROM entry WHERE id = ? AND room = ?').get(id, num)
    return row?.['seq'] == null ? null : Number(row['seq'])
  }

  load(room: RoomId): LoadedRoom {
    const num = this.#number(room)
    if (num === null) return { head: 0, snapshot: null, entries: [] }
    const head = this.head(room)
    const row = this.#sql('SELECT seq, version, state FROM snapshot WHERE room = ?').get(num)
    const snapshot =
      row === undefined
        ? null
        : { seq: Number(row['seq']), version: Number(row['version']), state: String(row['state']) }
    const entries = this.#sql('SELECT * FROM entry WHERE room = ? AND seq > ? ORDER BY seq').all(
      num,
      snapshot?.seq ?? 0,
    )
    return { head, snapshot, entries: entries.map(storedEntry) }
  }

  ids(room: RoomId, limit: number): CommandPlace[] {
    const num = this.#number(room)
    if (num === null) return []
    const newest = this.#sql('SELECT id, seq FROM entry WHERE room = ? ORDER BY seq DESC LIMIT ?').all(num, limit)
    return newest.toReversed().map((each) => ({ id: String(each['id']) as CommandId, seq: Number(each['seq']) }))
  }

  snapshot(shard: string, epoch: number, room: RoomId, snapshot: Snapshot): void {
    const num = this.#number(room)
    this.#transaction(() => {
      if (this.epoch(shard) !== epoch) throw new Fenced(shard, epoch)
      if (num === null || snapshot.seq > this.head(room)) throw new Error('A snapshot lies past the log.')
      this.#sql(
        `INSERT INTO snapshot (room, seq, version, state) VALUES (?, ?, ?, ?)
         ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, version = excluded.version, state = excluded.state`,
      ).run(num, snapshot.seq, snapshot.version, snapshot.state)
    })
  }

  deadlines(shard: string): { room: RoomId; at: Millis }[] {
    this.settle()
    return this.#sql('SELECT id, deadline FROM room WHERE shard = ? AND deadline IS NOT NULL')
      .all(shard)
      .map((row) => ({ room: String(row['id']) as RoomId, at: Number(row['deadline']) }))
  }

  head(room: RoomId): Seq {
    return this.#arrivals.room(room)?.head ?? this.#place(room)?.head ?? 0
  }

  read(room: RoomId, slice: Slice): StoredEntry[] {
    const num = this.#number(room)
    if (num === null) return []
    const [readable, args] = readerClause(slice.reader)
    const order = slice.newestFirst === true ? 'DESC' : 'ASC'
    const rows = this.#sql(
      `SELECT * FROM entry WHERE room = ? AND seq > ? AND seq <= ? AND ${readable} ORDER BY seq ${order} LIMIT ?`,
    ).all(num, slice.after, slice.through, ...args, slice.limit)
    const entries = rows.map(storedEntry)
    return slice.newestFirst === true ? entries.toReversed() : entries
  }

  amendments(room: RoomId, amended: Amended): StoredEntry[] {
    const num = this.#number(room)
    if (num === null) return []
    const [readable, args] = readerClause(amended.reader)
    // Named, because the order asked for would have it go through the whole room instead.
    return this.#sql(
      `SELECT * FROM entry INDEXED BY entry_about WHERE room = ? AND about IN (SELECT value FROM json_each(?)) AND seq > ? AND ${readable}
       ORDER BY seq LIMIT ?`,
    )
      .all(num, JSON.stringify(amended.subjects), amended.after, ...args, amended.limit)
      .map(storedEntry)
  }

  seqAt(room: RoomId, at: Millis): Seq {
    const num = this.#number(room)
    if (num === null) return 0
    // Times never go down in a room, so halving finds the place without an index on time.
    let low = 0
    let high = this.head(room)
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const time = Number(this.#sql('SELECT at FROM entry WHERE room = ? AND seq = ?').get(num, middle)?.['at'])
      if (time <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  close(): void {
    try {
      this.settle()
    } finally {
      this.#statements.clear()
      this.#db.close()
    }
  }

  /** Why an append does not follow on from what is there; null when it does. */
  #mismatch(shard: string, append: RoomAppend, staged: Seq | undefined): string | null {
    const known = this.#arrivals.room(append.room) ?? this.#place(append.room)
    const head = staged ?? known?.head ?? 0
    if (known !== undefined && known.shard !== shard)
      return `Room ${append.room} is of shard ${known.shard}, not of ${shard}.`
    return head === append.after ? null : `Room ${append.room} is at ${head}, not at ${append.after}.`
  }

  /** Sets where a room ends, and makes it if it is new. Answers its number. */
  #move(room: RoomId, shard: string, head: Seq, deadline: Millis | null): number {
    const place = this.#place(room)
    if (place === undefined) {
      const made = this.#sql('INSERT INTO room (id, shard, head, deadline) VALUES (?, ?, ?, ?)')
      return Number(made.run(room, shard, head, deadline).lastInsertRowid)
    }
    this.#sql('UPDATE room SET head = ?, deadline = ? WHERE num = ?').run(head, deadline, place.num)
    place.head = head
    return place.num
  }

  /** The number of a room whose entries are all in their places; null for none. */
  #number(room: RoomId): number | null {
    if (this.#arrivals.room(room) !== undefined) this.settle()
    return this.#place(room)?.num ?? null
  }

  #place(room: RoomId): Place | undefined {
    const known = this.#places.get(room)
    if (known !== undefined) return known
    const row = this.#sql('SELECT num, shard, head FROM room WHERE id = ?').get(room)
    if (row === undefined) return undefined
    const place = { num: Number(row['num']), shard: String(row['shard']), head: Number(row['head']) }
    if (this.#places.size >= PLACES_MAX) {
      for (const oldest of [...this.#places.keys()].slice(0, 100)) this.#places.delete(oldest)
    }
    this.#places.set(room, place)
    return place
  }

  #transaction<T>(run: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = run()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      // A commit that failed for a full disk has rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#places.clear()
      throw error
    }
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) this.#statements.set(text, (statement = this.#db.prepare(text)))
    return statement
  }
}

type Row = Record<string, null | number | bigint | string | Uint8Array>

function storedEntry(row: Row): StoredEntry {
  return {
    seq: Number(row['seq']),
    id: String(row['id']) as CommandId,
    at: Number(row['at']),
    sees: String(row['sees']) as Sees,
    about: row['about'] == null ? null : Number(row['about']),
    json: String(row['json']),
  }
}

function readerClause(reader: Reader): [string, string[]] {
  if (reader === 'all') return ['1', []]
  const args: string[] = ['everyone']
  if (reader.audience === 'staff') args.push('staff')
  if (reader.user !== null) args.push(`only:${reader.user}`)
  return [`sees IN (${args.map(() => '?').join(', ')})`, args]
}
