import type { CommandId, RoomId, Seq } from '@plenary/kinds'
import type { Database } from '../postgres/database.ts'
import type { Amended, CommandPlace, LoadedRoom, Reader, Slice, StoredEntry } from './log.ts'

const COLUMNS = 'seq, id, at, sees, about, json'
/** A room's part of the table: its number, and its times, so that no other month is looked into. */
const OF_ROOM = `
  room = (SELECT num FROM room WHERE id = $1)
  AND at >= (SELECT first_at FROM room WHERE id = $1) AND at <= (SELECT last_at FROM room WHERE id = $1)`

const HEAD = { name: 'head', text: 'SELECT head FROM room WHERE id = $1' }
// `seq + 0` where another index than that of the seqs is the short way: a planner that is offered it as an order goes through them all.
const FIND = { name: 'find', text: `SELECT max(seq + 0) AS seq FROM entry WHERE ${OF_ROOM} AND id = $2` }
const LOAD = {
  name: 'load',
  text: 'SELECT r.head, s.seq, s.version, s.state FROM room r LEFT JOIN snapshot s ON s.room = r.num WHERE r.id = $1',
}
const PAST = {
  name: 'past',
  text: `SELECT ${COLUMNS} FROM entry WHERE ${OF_ROOM} AND seq > $2 AND seq <= $3 ORDER BY seq`,
}
const NEWEST_IDS = {
  name: 'newest_ids',
  text: `SELECT id, seq FROM entry WHERE ${OF_ROOM} ORDER BY seq DESC LIMIT $2`,
}
/** Times never go down in a room, so halving finds the place without an index on time. */
const SEQ_AT = {
  name: 'seq_at',
  text: `
    WITH RECURSIVE own AS MATERIALIZED (
      SELECT num, head, first_at, last_at FROM room WHERE id = $1
    ), halving (low, high) AS (
      SELECT 0::bigint, head FROM own
      UNION ALL
      SELECT CASE WHEN e.at <= $2 THEN e.seq ELSE h.low END, CASE WHEN e.at <= $2 THEN h.high ELSE e.seq - 1 END
      FROM halving h CROSS JOIN own o CROSS JOIN LATERAL (
        SELECT seq, at FROM entry
        WHERE room = o.num AND seq = (h.low + h.high + 1) / 2 AND at >= o.first_at AND at <= o.last_at
        LIMIT 1
      ) e
      WHERE h.low < h.high
    )
    SELECT low FROM halving WHERE low = high`,
}

/** All that is read from the log; no epoch is needed for it. */
export class PostgresReads {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async head(room: RoomId): Promise<Seq> {
    const [row] = await this.#database.query<{ head: Seq }>(HEAD, [room])
    return row?.head ?? 0
  }

  async find(room: RoomId, id: CommandId): Promise<Seq | null> {
    const [row] = await this.#database.query<{ seq: Seq | null }>(FIND, [room, id])
    return row?.seq ?? null
  }

  async load(room: RoomId): Promise<LoadedRoom> {
    const [row] = await this.#database.query<LoadRow>(LOAD, [room])
    if (row === undefined) return { head: 0, snapshot: null, entries: [] }
    const { head, seq, version, state } = row
    const snapshot = seq === null ? null : { seq, version, state }
    // The log only grows: up to this head, both say the same whenever they are asked.
    const entries = await this.#database.query<StoredEntry>(PAST, [room, seq ?? 0, head])
    return { head, snapshot, entries }
  }

  async ids(room: RoomId, limit: number): Promise<CommandPlace[]> {
    const newest = await this.#database.query<CommandPlace>(NEWEST_IDS, [room, limit])
    return newest.toReversed()
  }

  async read(room: RoomId, { after, through, limit, newestFirst = false, reader }: Slice): Promise<StoredEntry[]> {
    const [name, clause, sees] = readable(reader, 5)
    const statement = {
      name: `read_${newestFirst ? 'down' : 'up'}_${name}`,
      text: `
        SELECT ${COLUMNS} FROM entry WHERE ${OF_ROOM} AND seq > $2 AND seq <= $3 ${clause}
        ORDER BY seq ${newestFirst ? 'DESC' : 'ASC'} LIMIT $4`,
    }
    const entries = await this.#database.query<StoredEntry>(statement, [room, after, through, limit, ...sees])
    return newestFirst ? entries.toReversed() : entries
  }

  async amendments(room: RoomId, { subjects, after, limit, reader }: Amended): Promise<StoredEntry[]> {
    const [name, clause, sees] = readable(reader, 5)
    const statement = {
      name: `amendments_${name}`,
      text: `
        SELECT ${COLUMNS} FROM entry WHERE ${OF_ROOM} AND about = ANY($2::bigint[]) AND about IS NOT NULL AND seq > $3 ${clause}
        ORDER BY seq + 0 LIMIT $4`,
    }
    return await this.#database.query<StoredEntry>(statement, [room, subjects, after, limit, ...sees])
  }

  async seqAt(room: RoomId, at: number): Promise<Seq> {
    const [row] = await this.#database.query<{ low: Seq }>(SEQ_AT, [room, at])
    return row?.low ?? 0
  }
}

type LoadRow = { head: Seq } & (
  | { seq: Seq; version: number; state: string }
  | { seq: null; version: null; state: null }
)

/** Which entries this reader may see, as a part of a statement. */
function readable(reader: Reader, parameter: number): [name: string, clause: string, values: string[][]] {
  if (reader === 'all') return ['all', '', []]
  const sees: string[] = ['everyone']
  if (reader.audience === 'staff') sees.push('staff')
  if (reader.user !== null) sees.push(`only:${reader.user}`)
  return ['some', `AND sees = ANY($${parameter}::text[])`, [sees]]
}
