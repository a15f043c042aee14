import type { CommandId, LogId, Millis, RoomId, Seq } from '@plenary/kinds'
import { randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Fenced } from './log.ts'
import type { Amended, LoadedRoom, Reader, RoomAppend, Sees, Slice, Snapshot, StoredEntry } from './log.ts'
import { openTables } from './sqlite-tables.ts'

/** Rooms whose number is remembered; past it the oldest is looked up again. */
const ROOM_NUMBERS_MAX = 20_000

export interface ShardAppend {
  shard: string
  epoch: number
  batch: readonly RoomAppend[]
}

/**
 * The tables of the log, used synchronously by one thread. Several shards' appends go into one transaction with one sync to
 * disk; each of them is whole or not at all.
 */
export class SqliteCore {
  readonly #db: DatabaseSync
  readonly #rooms = new Map<RoomId, number>()
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#db = openTables(file)
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
    return this.#transaction(() =>
      appends.map((one) => {
        if (this.epoch(one.shard) !== one.epoch) return new Fenced(one.shard, one.epoch)
        this.#db.exec('SAVEPOINT one')
        try {
          for (const room of one.batch) this.#appendRoom(one.shard, room)
          return null
        } catch (error) {
          this.#db.exec('ROLLBACK TO one')
          this.#rooms.clear()
          return error instanceof Error ? error : new Error(String(error))
        } finally {
          this.#db.exec('RELEASE one')
        }
      }),
    )
  }

  find(room: RoomId, id: CommandId): Seq | null {
    const num = this.#number(room)
    if (num === null) return null
    const row = this.#sql('SELECT max(seq) AS seq FROM entry WHERE room = ? AND id = ?').get(num, id)
    return row?.['seq'] == null ? null : Number(row['seq'])
  }

  load(room: RoomId, ids: number): LoadedRoom {
    const num = this.#number(room)
    if (num === null) return { head: 0, snapshot: null, entries: [], ids: [] }
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
    const newest = this.#sql('SELECT id, seq FROM entry WHERE room = ? ORDER BY seq DESC LIMIT ?').all(num, ids)
    return {
      head,
      snapshot,
      entries: entries.map(storedEntry),
      ids: newest.toReversed().map((each) => ({ id: String(each['id']) as CommandId, seq: Number(each['seq']) })),
    }
  }

  snapshot(shard: string, epoch: number, room: RoomId, snapshot: Snapshot): void {
    this.#transaction(() => {
      if (this.epoch(shard) !== epoch) throw new Fenced(shard, epoch)
      const num = this.#number(room)
      if (num === null || snapshot.seq > this.head(room)) throw new Error('A snapshot lies past the log.')
      this.#sql(
        `INSERT INTO snapshot (room, seq, version, state) VALUES (?, ?, ?, ?)
         ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, version = excluded.version, state = excluded.state`,
      ).run(num, snapshot.seq, snapshot.version, snapshot.state)
    })
  }

  deadlines(shard: string): { room: RoomId; at: Millis }[] {
    return this.#sql('SELECT id, deadline FROM room WHERE shard = ? AND deadline IS NOT NULL')
      .all(shard)
      .map((row) => ({ room: String(row['id']) as RoomId, at: Number(row['deadline']) }))
  }

  head(room: RoomId): Seq {
    return Number(this.#sql('SELECT head FROM room WHERE id = ?').get(room)?.['head'] ?? 0)
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
    return this.#sql(
      `SELECT * FROM entry WHERE room = ? AND about IN (SELECT value FROM json_each(?)) AND seq > ? AND ${readable}
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
    this.#statements.clear()
    this.#db.close()
  }

  #appendRoom(shard: string, append: RoomAppend): void {
    const last = append.entries.at(-1)?.seq ?? append.after
    const num = this.#number(append.room)
    if (num === null) {
      if (append.after !== 0) throw new Error(`Room ${append.room} is empty, not at ${append.after}.`)
      this.#sql('INSERT INTO room (id, shard, head, deadline) VALUES (?, ?, ?, ?)').run(
        append.room,
        shard,
        last,
        append.deadline,
      )
    } else {
      const moved = this.#sql('UPDATE room SET head = ?, deadline = ? WHERE num = ? AND head = ? AND shard = ?')
      if (moved.run(last, append.deadline, num, append.after, shard).changes !== 1) {
        throw new Error(`Room ${append.room} is at ${this.head(append.room)}, not at ${append.after}.`)
      }
    }
    const row = num ?? this.#number(append.room)
    const insert = this.#sql('INSERT INTO entry (room, seq, id, at, sees, about, json) VALUES (?, ?, ?, ?, ?, ?, ?)')
    for (const entry of append.entries) {
      insert.run(row, entry.seq, entry.id, entry.at, entry.sees, entry.about, entry.json)
    }
  }

  #number(room: RoomId): number | null {
    const known = this.#rooms.get(room)
    if (known !== undefined) return known
    const row = this.#sql('SELECT num FROM room WHERE id = ?').get(room)
    if (row === undefined) return null
    const num = Number(row['num'])
    if (this.#rooms.size >= ROOM_NUMBERS_MAX)
      for (const oldest of [...this.#rooms.keys()].slice(0, 100)) this.#rooms.delete(oldest)
    this.#rooms.set(room, num)
    return num
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
      this.#rooms.clear()
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
