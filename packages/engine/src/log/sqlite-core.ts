import type { CommandId, LogId, Millis, RoomId, Seq } from '@plenary/kinds'
import { randomBytes } from 'node:crypto'
import { decodeAppend, type ShardBatch } from './append-text.ts'
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
import type { ArrivalRow } from './sqlite-arrivals.ts'
import { SqliteFile } from './sqlite-file.ts'
import { SETTLE_LIMITS, type SettleLimits } from './sqlite-limits.ts'
import { placeOf, ROOM, SEQ, SEQ_MAX, WITHIN } from './sqlite-place.ts'
import { SqliteRooms } from './sqlite-rooms.ts'
import { SqliteSettler } from './sqlite-settler.ts'

export interface ShardAppend {
  shard: string
  epoch: number
  /** Of that shard, as `encodeAppend` makes it. */
  text: string
}

/**
 * The tables of the log, used synchronously by one thread. Several shards' appends go into one transaction with one sync to
 * disk; each of them is whole or not at all. They are written in the order of their arrival, one row for each, and put in their
 * rooms' places later, many of a room at a time: a page for each room would be written for each transaction otherwise.
 */
export class SqliteCore {
  readonly #file: SqliteFile
  readonly #rooms: SqliteRooms
  readonly #settler: SqliteSettler

  constructor(file: string, limits: SettleLimits = SETTLE_LIMITS) {
    this.#file = new SqliteFile(file, () => this.#rooms.forget())
    this.#rooms = new SqliteRooms(this.#file)
    this.#settler = new SqliteSettler(this.#file, this.#rooms, limits)
    this.#settler.settle()
  }

  /** Whether anything is not in its place yet. */
  get unsettled(): boolean {
    return this.#settler.unsettled
  }

  /** Whether slices are due, as they are since `begin` until what had arrived by then is in its places. */
  get settling(): boolean {
    return this.#settler.settling
  }

  /** Whether slices are to be hurried, so that what arrives does not have to wait for all of them at once. */
  get behind(): boolean {
    return this.#settler.behind
  }

  /** What has arrived by now is put in its places from now on, `slice` by `slice`. */
  begin(): void {
    this.#settler.begin()
  }

  /** A bit of it, of a few milliseconds. Throws when that cannot be written; it stays durable, and is tried again. */
  slice(): void {
    this.#settler.slice()
  }

  id(): LogId {
    const found = this.#file.sql(`SELECT value FROM meta WHERE key = 'log'`).get()
    if (found !== undefined) return String(found['value']) as LogId
    const id = randomBytes(9).toString('base64url')
    this.#file.sql(`INSERT INTO meta (key, value) VALUES ('log', ?)`).run(id)
    return id as LogId
  }

  epoch(shard: string): number {
    return Number(this.#file.sql('SELECT epoch FROM shard WHERE id = ?').get(shard)?.['epoch'] ?? 0)
  }

  /** All in one transaction; gives for each whether it was taken. */
  acquire(claims: readonly { shard: string; epoch: number }[]): boolean[] {
    return this.#file.transaction(() =>
      claims.map(({ shard, epoch }) => {
        const taken = this.#file
          .sql(
            `INSERT INTO shard (id, epoch) VALUES (?, ?)
           ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch WHERE excluded.epoch > shard.epoch`,
          )
          .run(shard, epoch)
        return taken.changes === 1
      }),
    )
  }

  /** One transaction for all; a fenced or broken append leaves the others whole. */
  append(appends: readonly ShardAppend[]): (Error | null)[] {
    this.#settler.makeRoom()
    const accepted: { row: ArrivalRow; batch: ShardBatch }[] = []
    const arrive = this.#file.sql('INSERT INTO arrival (appends) VALUES (?)')
    const errors = this.#file.transaction(() => {
      const heads = new Map<RoomId, Seq>()
      const each = appends.map((one) => {
        if (this.epoch(one.shard) !== one.epoch) return new Fenced(one.shard, one.epoch)
        const own = new Map<RoomId, Seq>()
        const decoded = decodeAppend(one.text)
        for (const room of decoded.batch) {
          const why = this.#mismatch(one.shard, room, own.get(room.room) ?? heads.get(room.room))
          if (why !== null) return new Error(why)
          own.set(room.room, room.after + room.entries.length)
        }
        for (const [room, head] of own) heads.set(room, head)
        const num = Number(arrive.run(one.text).lastInsertRowid)
        accepted.push({ row: { num, chars: one.text.length }, batch: decoded })
        return null
      })
      return each
    })
    for (const { row, batch } of accepted) this.#settler.add(row, batch)
    return errors
  }

  find(room: RoomId, id: CommandId): Seq | null {
    const arrived = this.#settler.find(room, id)
    if (arrived !== null) return arrived
    const num = this.#rooms.place(room)?.num
    if (num === undefined) return null
    const row = this.#file.sql('SELECT max(seq) AS seq FROM command WHERE id = ? AND room = ?').get(id, num)
    return row?.['seq'] == null ? null : Number(row['seq'])
  }

  load(room: RoomId): LoadedRoom {
    const num = this.#number(room)
    if (num === null) return { head: 0, snapshot: null, entries: [] }
    const head = this.head(room)
    const row = this.#file.sql('SELECT seq, version, state FROM snapshot WHERE room = ?').get(num)
    const snapshot =
      row === undefined
        ? null
        : { seq: Number(row['seq']), version: Number(row['version']), state: String(row['state']) }
    const entries = this.#file
      .sql(`SELECT ${COLUMNS} FROM entry WHERE ${WITHIN} ORDER BY place`)
      .all(num, snapshot?.seq ?? 0, head)
    return { head, snapshot, entries: entries.map(storedEntry) }
  }

  ids(room: RoomId, limit: number): CommandPlace[] {
    const num = this.#number(room)
    if (num === null) return []
    const newest = this.#file
      .sql(`SELECT id, ${SEQ} AS seq FROM entry WHERE ${WITHIN} ORDER BY place DESC LIMIT ?`)
      .all(num, 0, SEQ_MAX, limit)
    return newest.toReversed().map((each) => ({ id: String(each['id']) as CommandId, seq: Number(each['seq']) }))
  }

  snapshot(shard: string, epoch: number, room: RoomId, snapshot: Snapshot): void {
    const num = this.#number(room)
    this.#file.transaction(() => {
      if (this.epoch(shard) !== epoch) throw new Fenced(shard, epoch)
      if (num === null || snapshot.seq > this.head(room)) throw new Error('A snapshot lies past the log.')
      this.#file
        .sql(
          `INSERT INTO snapshot (room, seq, version, state) VALUES (?, ?, ?, ?)
         ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, version = excluded.version, state = excluded.state`,
        )
        .run(num, snapshot.seq, snapshot.version, snapshot.state)
    })
  }

  deadlines(shard: string): { room: RoomId; at: Millis }[] {
    const deadlines = new Map<RoomId, Millis>()
    for (const row of this.#file
      .sql('SELECT id, deadline FROM room WHERE shard = ? AND deadline IS NOT NULL')
      .iterate(shard)) {
      deadlines.set(String(row['id']) as RoomId, Number(row['deadline']))
    }
    for (const arrived of this.#settler.rooms()) {
      if (arrived.shard !== shard) continue
      if (arrived.deadline === null) deadlines.delete(arrived.room)
      else deadlines.set(arrived.room, arrived.deadline)
    }
    return [...deadlines].map(([room, at]) => ({ room, at }))
  }

  head(room: RoomId): Seq {
    return this.#settler.newest(room)?.head ?? this.#rooms.place(room)?.head ?? 0
  }

  read(room: RoomId, slice: Slice): StoredEntry[] {
    const num = this.#number(room)
    if (num === null) return []
    const [readable, args] = readerClause(slice.reader)
    const order = slice.newestFirst === true ? 'DESC' : 'ASC'
    const rows = this.#file
      .sql(`SELECT ${COLUMNS} FROM entry WHERE ${WITHIN} AND ${readable} ORDER BY place ${order} LIMIT ?`)
      .all(num, ...within(slice.after, slice.through), ...args, slice.limit)
    const entries = rows.map(storedEntry)
    return slice.newestFirst === true ? entries.toReversed() : entries
  }

  amendments(room: RoomId, amended: Amended): StoredEntry[] {
    const num = this.#number(room)
    if (num === null) return []
    const [readable, args] = readerClause(amended.reader)
    // Named, because the order asked for would have it go through the whole room instead.
    return this.#file
      .sql(
        `SELECT ${COLUMNS} FROM entry INDEXED BY entry_about
       WHERE ${ROOM} = ?1 AND about IN (SELECT value FROM json_each(?4)) AND ${WITHIN} AND ${readable} ORDER BY place LIMIT ?`,
      )
      .all(num, ...within(amended.after), JSON.stringify(amended.subjects), ...args, amended.limit)
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
      const time = Number(this.#file.sql(AT).get(num, middle)?.['at'])
      if (time <= at) low = middle
      else high = middle - 1
    }
    return low
  }

  close(): void {
    try {
      this.#settler.settle()
    } finally {
      this.#file.close()
    }
  }

  /** Why an append does not follow on from what is there; null when it does. */
  #mismatch(shard: string, append: RoomAppend, staged: Seq | undefined): string | null {
    const known = this.#settler.newest(append.room) ?? this.#rooms.place(append.room)
    const head = staged ?? known?.head ?? 0
    if (known !== undefined && known.shard !== shard)
      return `Room ${append.room} is of shard ${known.shard}, not of ${shard}.`
    return head === append.after ? null : `Room ${append.room} is at ${head}, not at ${append.after}.`
  }

  /** The number of a room whose entries are all in their places; null for none. */
  #number(room: RoomId): number | null {
    this.#settler.settleRoom(room)
    return this.#rooms.place(room)?.num ?? null
  }
}

const COLUMNS = `${SEQ} AS seq, id, at, sees, about, json`
const AT = `SELECT at FROM entry WHERE place = ${placeOf('?', '?')}`

/** No seq is outside of these, whatever is asked for: it would be another room's. */
const within = (after: Seq, through: Seq = SEQ_MAX): [Seq, Seq] => [
  Math.min(Math.max(after, 0), SEQ_MAX),
  Math.min(Math.max(through, 0), SEQ_MAX),
]

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
