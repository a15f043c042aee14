import type { CommandId, RoomId } from '@plenary/kinds'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { openKafkaLog, startKafkaWriter } from '../../packages/engine/src/kafka.ts'
import type { KafkaLogOptions, KafkaWriter } from '../../packages/engine/src/kafka.ts'
import { judge, BEGINNING } from '../../packages/engine/src/log/kafka/admission.ts'
import { Reader } from '../../packages/engine/src/log/kafka/reader.ts'
import type { RoomAppend, RoomLog, ShardLog, StoredEntry } from '../../packages/engine/src/log/log.ts'
import { openPostgresLog } from '../../packages/engine/src/postgres.ts'

const ZONE = 'z'
const SHARDS = 8

/** A log of its own for one test, with any number of nodes and writers on it. Disposing of it ends them. */
export function kafkaCluster(kafka: { address: string }, postgres: { url: string }) {
  const own = `t${randomBytes(6).toString('hex')}`
  const options: KafkaLogOptions = {
    brokers: [kafka.address],
    topicPrefix: own,
    zone: ZONE,
    shards: SHARDS,
    postgres: { url: postgres.url, schema: own },
  }
  const topic = `${own}.${ZONE}`
  const ends: (() => Promise<unknown>)[] = []

  async function open(): Promise<RoomLog> {
    const log = await openKafkaLog(options)
    ends.push(() => log.close())
    return log
  }
  async function write(group?: string): Promise<KafkaWriter> {
    const writer = await startKafkaWriter({ ...options, ...(group !== undefined && { group }) })
    ends.push(() => writer.stop())
    await until(() => writer.partitions.length > 0)
    return writer
  }
  /** What Kafka has of a partition, by the rule that all readers follow. */
  async function inKafka(partition: number): Promise<Map<RoomId, StoredEntry[]>> {
    const reader = new Reader(options, topic)
    const rooms = new Map<RoomId, StoredEntry[]>()
    let position = BEGINNING
    try {
      const end = (await reader.ends([partition])).get(partition) ?? 0
      for await (const { offset, record } of reader.range(partition, 0, end - 1)) {
        const judged = judge(position, offset, record)
        position = judged.position
        if (!judged.counts || !('batch' in record)) continue
        for (const { room, entries } of record.batch) rooms.set(room, [...(rooms.get(room) ?? []), ...entries])
      }
      return rooms
    } finally {
      await reader.close()
    }
  }
  /** What PostgreSQL has of these rooms, and nothing from anywhere else. */
  async function inPostgres(rooms: Iterable<RoomId>): Promise<Map<RoomId, StoredEntry[]>> {
    const log = await openPostgresLog(options.postgres)
    try {
      const found = new Map<RoomId, StoredEntry[]>()
      for (const room of rooms) found.set(room, await everything(log, room))
      return found
    } finally {
      await log.close()
    }
  }
  async function dispose(): Promise<void> {
    for (const end of ends.toReversed()) await end()
  }
  return { options, topic, open, write, inKafka, inPostgres, dispose, [Symbol.asyncDispose]: dispose }
}

export type KafkaCluster = ReturnType<typeof kafkaCluster>

export const everything = (log: RoomLog, room: RoomId) =>
  log.read(room, { after: 0, through: Number.MAX_SAFE_INTEGER, limit: 1_000_000, reader: 'all' })

export function append(room: RoomId, after: number, count = 1, text = ''): RoomAppend {
  const at = Date.parse('2026-11-22T12:00:00Z') + after
  const entries = Array.from({ length: count }, (_, index): StoredEntry => {
    const seq = after + index + 1
    return {
      seq,
      id: randomUUID() as CommandId,
      at,
      sees: 'everyone',
      about: null,
      json: JSON.stringify({ seq, text }),
    }
  })
  return { room, after, entries, deadline: null }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(10)
}

/** Does as an owner does: appends one after the other, and after a failure takes the shard at the next epoch and looks again. */
export class Owner {
  readonly #log: RoomLog
  readonly #shard: string
  readonly #room: RoomId
  #epoch = 0
  #own: ShardLog | null = null
  #head = 0
  /** The text of every entry that was acknowledged, in their order. */
  readonly acknowledged: string[] = []
  /** Milliseconds that each acknowledged append took. */
  readonly took: number[] = []
  readonly failures: Error[] = []

  constructor(log: RoomLog, partition: number) {
    this.#log = log
    this.#shard = `${ZONE}/${partition}`
    this.#room = `room-${partition}` as RoomId
  }

  get room(): RoomId {
    return this.#room
  }

  /** One try; true when it was acknowledged. */
  async append(): Promise<boolean> {
    const startedAt = performance.now()
    try {
      this.#own ??= await this.#take()
      const one = append(this.#room, this.#head)
      await this.#own.append([one])
      this.acknowledged.push(...one.entries.map(({ json, id }) => `${id} ${json}`))
      this.#head++
      this.took.push(performance.now() - startedAt)
      return true
    } catch (error) {
      this.failures.push(error instanceof Error ? error : new Error(String(error)))
      this.#own = null
      await wait(50)
      return false
    }
  }

  async #take(): Promise<ShardLog> {
    this.#epoch++
    const own = await this.#log.acquire(this.#shard, this.#epoch)
    this.#head = (await own.load(this.#room)).head
    return own
  }
}

const textOf = ({ id, json }: StoredEntry) => `${id} ${json}`

/** Everything acknowledged is in PostgreSQL once, in its order, and PostgreSQL has what Kafka has. */
export async function expectWhole(cluster: KafkaCluster, owners: readonly Owner[]): Promise<void> {
  for (const [partition, owner] of owners.entries()) {
    const wanted = (await cluster.inKafka(partition)).get(owner.room) ?? []
    await until(async () => ((await cluster.inPostgres([owner.room])).get(owner.room)?.length ?? 0) >= wanted.length)
    const found = (await cluster.inPostgres([owner.room])).get(owner.room) ?? []
    expect(found).toEqual(wanted)
    const acknowledged = new Set(owner.acknowledged)
    // Of an append whose outcome nobody heard, the entry may be there too.
    expect(found.map(textOf).filter((text) => acknowledged.has(text))).toEqual(owner.acknowledged)
    expect(found.map(({ seq }) => seq)).toEqual(found.map((_, at) => at + 1))
  }
}

/** Both owners append as fast as they can until told to stop. */
export function crowd(owners: readonly Owner[]) {
  const stopping = new AbortController()
  const running = owners.map(async (owner) => {
    while (!stopping.signal.aborted) {
      await owner.append()
      await wait(1)
    }
  })
  return async () => {
    stopping.abort()
    await Promise.all(running)
  }
}
