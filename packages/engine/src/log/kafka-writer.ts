import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import type { PoolClient } from 'pg'
import { noMetrics } from '../metrics.ts'
import type { Metrics } from '../metrics.ts'
import { Database } from '../postgres/database.ts'
import { limitSilence } from '../postgres/pool.ts'
import { judge } from './kafka/admission.ts'
import { ensureTopic } from './kafka/connect.ts'
import { Membership } from './kafka/membership.ts'
import { mergeAppends } from './kafka/merge-appends.ts'
import { Positions, holdPosition, movePosition } from './kafka/positions.ts'
import { Reader } from './kafka/reader.ts'
import type { Placed } from './kafka/reader.ts'
import { topicName } from './log-kafka.ts'
import type { KafkaLogOptions } from './log-kafka.ts'
import { NO_PARTITION, SCHEMA } from './log-postgres.ts'
import type { RoomAppend } from './log.ts'
import { appendStatement } from './postgres-append.ts'
import type { AppendVerdict } from './postgres-append.ts'
import { Partitions } from './postgres-partitions.ts'
import { ACQUIRE } from './postgres-shard.ts'
import { migrateLog } from './postgres-tables.ts'

export interface KafkaWriterOptions extends KafkaLogOptions {
  /** Writers of one group share the partitions; one for the whole zone without this. */
  group?: string
  metrics?: Metrics
}

/** Carries a zone's entries from Kafka into PostgreSQL. */
export interface KafkaWriter extends AsyncDisposable {
  /** Those that the group has given it; none until it has joined. */
  readonly partitions: readonly number[]
  /** Records of its partitions that PostgreSQL does not have yet, as far as it knows. */
  lag(): number
  /** Ends it after what is being written, and leaves its partitions to the others. */
  stop(): Promise<void>
}

/** How long a look for new records waits for some. */
const FETCH_WAIT_MS = 250
/** After PostgreSQL or Kafka failed, so long until the next try. */
const RETRY_MS = 300
/** A statement of the writer may take so long. */
const SILENCE_MS = 8_000
/** Partitions written at the same time. */
const WRITES_AT_ONCE = 3

/**
 * The writer role. Several share the zone's partitions; that only one writes each is not what makes it right: entries and the
 * position go into PostgreSQL in one transaction, under a lock on the position, so that every record counts exactly once. Away
 * from PostgreSQL or Kafka it waits and catches up. Throws as `openKafkaLog` does.
 */
export async function startKafkaWriter(options: KafkaWriterOptions): Promise<KafkaWriter> {
  const { url, schema = SCHEMA, pool, onError = () => undefined } = options.postgres
  const topic = topicName(options, options.zone)
  const database = new Database({ url, schema, onError, ...(pool !== undefined && { connections: pool }) })
  const partitions = new Partitions(database, schema)
  const positions = new Positions(database, topic, () => undefined)
  const reader = new Reader(options, topic)
  const metrics = options.metrics ?? noMetrics
  try {
    await migrateLog(database, schema)
    await ensureTopic(options, topic, options.shards)
    await positions.refresh()
  } catch (error) {
    await Promise.all([reader.close(), database.close()])
    throw error
  }

  const next = new Map<number, number>()
  const stopping = new AbortController()
  const membership = new Membership(
    options,
    topic,
    options.group ?? `plenary-writer.${topic}`,
    // Another may have written what this one had read up to.
    () => next.clear(),
    onError,
  )
  const nextOf = (partition: number) => next.get(partition) ?? positions.of(partition).next
  const lag = () =>
    membership.partitions.reduce((sum, each) => sum + Math.max(0, reader.lastEnd(each) - nextOf(each)), 0)
  metrics.gauge('writer_lag_records', lag)

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round(membership.partitions)
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)))
        await backOff()
      }
    }
  }

  async function round(own: readonly number[]): Promise<void> {
    if (own.length === 0) return pause(RETRY_MS)
    if (own.some((partition) => !next.has(partition))) {
      await positions.refresh()
      for (const partition of own) if (!next.has(partition)) next.set(partition, positions.of(partition).next)
    }
    const wanted = own.map((partition) => ({ partition, from: nextOf(partition) }))
    const found = [...(await reader.fetch(wanted, FETCH_WAIT_MS))].filter(([, placed]) => placed.length > 0)
    for (let at = 0; at < found.length && !stopping.signal.aborted; at += WRITES_AT_ONCE) {
      await Promise.all(found.slice(at, at + WRITES_AT_ONCE).map(([partition, placed]) => write(partition, placed)))
    }
  }

  /** Entries and position, all of these records or none of them. */
  async function write(partition: number, placed: readonly Placed[]): Promise<void> {
    const moments = placed
      .flatMap(({ record }) => ('batch' in record ? record.batch : []))
      .flatMap(({ entries }) => entries)
    try {
      await partitions.need(moments.map(({ at }) => at))
      const written = await database.transaction(async (client) => {
        limitSilence(client, SILENCE_MS)
        return await writeIn(client, partition, placed)
      })
      next.set(partition, written.next)
      metrics.count('writer_entries_total', written.entries)
    } catch (error) {
      if (error instanceof DatabaseError && error.code === NO_PARTITION) partitions.forget()
      // The transaction may have come through all the same: PostgreSQL knows.
      next.delete(partition)
      throw error
    }
  }

  async function writeIn(
    client: PoolClient,
    partition: number,
    placed: readonly Placed[],
  ): Promise<{ next: number; entries: number }> {
    const shard = `${options.zone}/${partition}`
    let position = await holdPosition(client, topic, partition)
    const fresh = placed.filter(({ offset }) => offset >= position.next)
    // Another has gone back or on: it is read again from where PostgreSQL is.
    if (fresh[0]?.offset !== position.next) return { next: position.next, entries: 0 }
    let batches: (readonly RoomAppend[])[] = []
    let entries = 0
    const flush = async () => {
      for (const batch of mergeAppends(batches)) {
        const { statement, values } = appendStatement(shard, position.epoch, batch)
        const { rows } = await client.query<AppendVerdict>({ ...statement, values })
        if (rows[0]?.mine !== true || !rows[0].fits) {
          throw new Error(`PostgreSQL has something else in shard ${shard} than what Kafka has at ${position.next}.`)
        }
        for (const each of batch) entries += each.entries.length
      }
      batches = []
    }
    for (const { offset, record } of fresh) {
      const judged = judge(position, offset, record)
      if (judged.counts && 'batch' in record) batches.push(record.batch)
      if (judged.counts && 'token' in record) {
        await flush()
        await client.query({ ...ACQUIRE, values: [shard, record.epoch] })
      }
      position = judged.position
    }
    await flush()
    await movePosition(client, topic, partition, position)
    return { next: position.next, entries }
  }

  /** Until PostgreSQL answers, nothing is fetched again in vain; how far Kafka goes is still worth knowing. */
  async function backOff(): Promise<void> {
    for (;;) {
      await pause(RETRY_MS)
      if (stopping.signal.aborted) return
      await reader.ends(membership.partitions).catch(() => undefined)
      if (
        await positions.refresh().then(
          () => true,
          () => false,
        )
      )
        return
    }
  }

  const pause = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => undefined)
  const running = run()

  async function stop(): Promise<void> {
    stopping.abort()
    await running
    await membership.close()
    await Promise.all([reader.close(), database.close()])
  }
  let stopped: Promise<void> | null = null
  const stopOnce = () => (stopped ??= stop())
  return {
    get partitions() {
      return membership.partitions
    },
    lag,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  }
}
