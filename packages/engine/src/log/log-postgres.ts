import type { LogId } from '@plenary/kinds'
import { DatabaseError } from 'pg'
import { Database } from '../postgres/database.ts'
import { Fenced } from './log.ts'
import type { RoomAppend, RoomLog, ShardLog } from './log.ts'
import { appendStatement } from './postgres-append.ts'
import type { AppendVerdict } from './postgres-append.ts'
import { Partitions } from './postgres-partitions.ts'
import { PostgresReads } from './postgres-reads.ts'
import { ACQUIRE, DEADLINES, EPOCH, writeSnapshot } from './postgres-shard.ts'
import { migrateLog } from './postgres-tables.ts'

export interface PostgresLogOptions {
  /** Like `postgres://user:password@host:5432/database`. */
  url: string
  /** Where its tables lie; `plenary_log` without this. */
  schema?: string
  /** Most connections at one time. */
  pool?: number
  /** Told of what failed with nobody waiting for it; all of it is tried again by itself. */
  onError?(error: Error): void
}

export const SCHEMA = 'plenary_log'
/** A row of a table split into parts that no part takes. */
export const NO_PARTITION = '23514'

/**
 * The log in PostgreSQL, for any number of nodes. Brings its tables to this version first. A call fails in about 2 s when PostgreSQL
 * is away, and works again when it is back. Throws one clear line for tables of a newer version.
 */
export async function openPostgresLog(options: PostgresLogOptions): Promise<RoomLog> {
  const { url, schema = SCHEMA, pool, onError = () => undefined } = options
  const database = new Database({ url, schema, onError, ...(pool !== undefined && { connections: pool }) })
  const partitions = new Partitions(database, schema)
  let id: LogId
  try {
    id = (await migrateLog(database, schema)) as LogId
    await partitions.ahead(Date.now())
  } catch (error) {
    await database.close()
    throw error
  }
  const reads = new PostgresReads(database)

  async function append(shard: string, epoch: number, batch: readonly RoomAppend[]): Promise<void> {
    const { statement, values } = appendStatement(shard, epoch, batch)
    await partitions.need(batch.flatMap(({ entries }) => entries.map(({ at }) => at)))
    try {
      const [verdict] = await database.query<AppendVerdict>(statement, values)
      if (verdict?.mine !== true) throw new Fenced(shard, epoch)
      if (!verdict.fits) throw new Error(`A room of shard ${shard} is not where the append goes on from.`)
    } catch (error) {
      if (error instanceof DatabaseError && error.code === NO_PARTITION) partitions.forget()
      throw error
    }
    const last = batch.at(-1)?.entries.at(-1)
    if (last !== undefined) database.run(() => partitions.ahead(last.at)).catch(onError)
  }

  /** As a piece of work that `close` waits for. */
  const work =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    (...args: Args) =>
      database.run(() => call(...args))

  return {
    id,
    epoch: work(async (shard) => {
      const [row] = await database.query<{ epoch: number }>(EPOCH, [shard])
      return row?.epoch ?? 0
    }),
    acquire: work(async (shard, epoch): Promise<ShardLog> => {
      const taken = await database.query(ACQUIRE, [shard, epoch])
      if (taken.length === 0) throw new Fenced(shard, epoch)
      return {
        shard,
        epoch,
        append: work((batch) => append(shard, epoch, batch)),
        find: work((room, command) => reads.find(room, command)),
        load: work((room) => reads.load(room)),
        ids: work((room, limit) => reads.ids(room, limit)),
        snapshot: work((room, snapshot) => writeSnapshot(database, shard, epoch, room, snapshot)),
        deadlines: work(() => database.query(DEADLINES, [shard])),
      }
    }),
    head: work((room) => reads.head(room)),
    read: work((room, slice) => reads.read(room, slice)),
    amendments: work((room, amended) => reads.amendments(room, amended)),
    seqAt: work((room, at) => reads.seqAt(room, at)),
    close: () => database.close(),
  }
}
