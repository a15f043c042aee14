import { PlenaryError } from '@plenary/kinds'
import type { LogId, RoomId, Seq } from '@plenary/kinds'
import { Database } from '../postgres/database.ts'
import { TOPIC_PREFIX } from './kafka/connect.ts'
import type { KafkaConnection } from './kafka/connect.ts'
import { MergedReads } from './kafka/merge.ts'
import { Sender } from './kafka/sender.ts'
import { Topic } from './kafka/topic.ts'
import type { TopicDeps } from './kafka/topic.ts'
import type { RoomLog, ShardLog, StoredEntry } from './log.ts'
import { SCHEMA } from './log-postgres.ts'
import type { PostgresLogOptions } from './log-postgres.ts'
import { PostgresReads } from './postgres-reads.ts'
import { DEADLINES, EPOCH, writeSnapshot } from './postgres-shard.ts'
import { migrateLog } from './postgres-tables.ts'

export interface KafkaLogOptions extends KafkaConnection {
  /** The zone whose rooms are read here although nobody here owns them. */
  zone: string
  /** How many shards a zone has; the same for ever. */
  shards: number
  postgres: PostgresLogOptions
}

const WHEREABOUTS = { name: 'whereabouts', text: 'SELECT shard, head FROM room WHERE id = $1' }

/**
 * The log in Kafka, with PostgreSQL behind it, to which writers carry what Kafka has. An append is durable when Kafka has it; what
 * PostgreSQL does not have yet is in memory with the shard's owner. Others wait for the writer before they read. The topic of the
 * zone is made where there is none. Throws one clear line for tables of a newer version, or a topic of another number of shards.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<RoomLog> {
  const { url, schema = SCHEMA, pool, onError = () => undefined } = options.postgres
  const database = new Database({ url, schema, onError, ...(pool !== undefined && { connections: pool }) })
  const reads = new PostgresReads(database)
  const merged = new MergedReads(reads)
  const sender = new Sender(options)
  const topics = new Map<string, Promise<Topic>>()
  let closing: Promise<void> | null = null

  const whereabouts = async (room: RoomId) =>
    (await database.query<{ shard: string; head: Seq }>(WHEREABOUTS, [room]))[0] ?? null
  const deps: TopicDeps = {
    connection: options,
    database,
    sender,
    kept: {
      epoch: async (shard) => (await database.query<{ epoch: number }>(EPOCH, [shard]))[0]?.epoch ?? 0,
      whereabouts,
      find: (room, newest, id) => merged.find(room, newest, id),
      load: (room, newest) => merged.load(room, newest),
      ids: (room, newest, limit) => merged.ids(room, newest, limit),
      snapshot: (shard, epoch, room, snapshot) => writeSnapshot(database, shard, epoch, room, snapshot),
      deadlines: (shard) => database.query(DEADLINES, [shard]),
    },
  }

  function topicOf(zone: string): Promise<Topic> {
    const name = topicName(options, zone)
    let topic = topics.get(name)
    if (topic === undefined) {
      topic = Topic.open(name, options.shards, deps)
      topics.set(name, topic)
      // The next who asks tries again.
      topic.catch(() => topics.delete(name))
    }
    return topic
  }

  async function placeOf(shard: string): Promise<{ topic: Topic; partition: number }> {
    const [, zone, number] = /^(.+)\/(\d+)$/.exec(shard) ?? []
    const partition = Number(number)
    if (zone === undefined || partition >= options.shards)
      throw new Error(`${shard} is none of a zone's ${options.shards} shards.`)
    return { topic: await topicOf(zone), partition }
  }

  /** What is in memory of this room, once PostgreSQL has the rest. Throws `unavailable` when it has not in time. */
  async function newestOf(room: RoomId): Promise<StoredEntry[]> {
    for (const opening of topics.values()) {
      const owner = (await opening).ownerOf(room)
      if (owner !== undefined && (await owner.current())) return owner.overlay.entries(room)
    }
    const found = await whereabouts(room)
    const { topic, partitions } = found === null ? await everywhere() : await onlyIn(found.shard)
    const [partition] = partitions
    if (found !== null && partition !== undefined && (await topic.owned(partition)?.current()) === true) return []
    if (await topic.settled(partitions)) return []
    throw new PlenaryError('unavailable', 'The newest entries are still on their way.', { retryAfter: 1_000 })
  }

  const everywhere = async () => ({
    topic: await topicOf(options.zone),
    partitions: Array.from({ length: options.shards }, (_, partition) => partition),
  })

  async function onlyIn(shard: string): Promise<{ topic: Topic; partitions: number[] }> {
    const { topic, partition } = await placeOf(shard)
    return { topic, partitions: [partition] }
  }

  async function close(): Promise<void> {
    await database.close()
    for (const topic of await Promise.allSettled(topics.values()))
      if (topic.status === 'fulfilled') await topic.value.close()
    await sender.close()
  }

  /** As a piece of work that `close` waits for. */
  const work =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    (...args: Args) =>
      database.run(() => call(...args))

  let id: LogId
  try {
    id = (await migrateLog(database, schema)) as LogId
    await topicOf(options.zone)
  } catch (error) {
    await close()
    throw error
  }
  return {
    id,
    epoch: work(async (shard) => {
      const { topic, partition } = await placeOf(shard)
      return topic.epoch(shard, partition)
    }),
    acquire: work(async (shard, epoch): Promise<ShardLog> => {
      const { topic, partition } = await placeOf(shard)
      const owned = await topic.acquire(shard, partition, epoch)
      return {
        shard,
        epoch,
        append: work((batch) => owned.append(batch)),
        find: work((room, command) => owned.find(room, command)),
        load: work((room) => owned.load(room)),
        ids: work((room, limit) => owned.ids(room, limit)),
        snapshot: work((room, snapshot) => owned.snapshot(room, snapshot)),
        deadlines: work(() => owned.deadlines()),
      }
    }),
    head: work(async (room) => (await newestOf(room)).at(-1)?.seq ?? (await reads.head(room))),
    read: work(async (room, slice) => merged.read(room, await newestOf(room), slice)),
    amendments: work(async (room, amended) => merged.amendments(room, await newestOf(room), amended)),
    seqAt: work(async (room, at) => merged.seqAt(room, await newestOf(room), at)),
    async close() {
      closing ??= close()
      await closing
    },
  }
}

/** The topic of a zone's entries: partition = shard. */
export function topicName({ topicPrefix = TOPIC_PREFIX }: KafkaConnection, zone: string): string {
  return `${topicPrefix}.${zone}`
}
