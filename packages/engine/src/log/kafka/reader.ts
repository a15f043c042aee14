import { ListOffsetTimestamps } from '@platformatic/kafka'
import type { Consumer } from '@platformatic/kafka'
import { openConsumer, saysKafka } from './connect.ts'
import type { KafkaConnection } from './connect.ts'
import { KAFKA_LIMITS } from './limits.ts'
import { decodeRecord } from './record.ts'
import type { LogRecord } from './record.ts'

export interface Placed {
  offset: number
  record: LogRecord
}

/** From where one partition is wanted. */
export interface Wanted {
  partition: number
  from: number
}

/** Answers of a fetch that find nothing new although there must be something. */
const EMPTY_MAX = 50

/** Reads partitions of one topic by their offsets, one request at a time. */
export class Reader {
  readonly #topic: string
  readonly #consumer: Consumer
  readonly #ends = new Map<number, number>()
  #line: Promise<unknown> = Promise.resolve()

  constructor(connection: KafkaConnection, topic: string) {
    this.#topic = topic
    this.#consumer = openConsumer(connection)
    this.#consumer.topics.track(topic)
  }

  /** How far a partition went when Kafka last said so. */
  lastEnd(partition: number): number {
    return this.#ends.get(partition) ?? 0
  }

  /** For each partition the offset that its next record will have. */
  async ends(partitions: readonly number[]): Promise<Map<number, number>> {
    const topics = [this.#topic]
    const found = await this.#consumer.listOffsets({
      topics,
      partitions: { [this.#topic]: [...partitions] },
      timestamp: ListOffsetTimestamps.LATEST,
    })
    const ends = found.get(this.#topic)
    return new Map(
      partitions.map((partition) => {
        const end = ends?.[partition]
        if (end === undefined)
          throw new Error(`Kafka does not say how far partition ${partition} of ${this.#topic} goes.`)
        this.#ends.set(partition, Number(end))
        return [partition, Number(end)]
      }),
    )
  }

  /** All records from one offset up to another, that one included, which must be there. */
  async *range(partition: number, from: number, through: number): AsyncGenerator<Placed> {
    let empty = 0
    for (let next = from; next <= through;) {
      const found = (await this.fetch([{ partition, from: next }], KAFKA_LIMITS.requestMs / 4)).get(partition) ?? []
      if (found.length === 0 && ++empty > EMPTY_MAX)
        throw new Error(`Kafka does not give what it has at offset ${next}.`)
      for (const placed of found) {
        if (placed.offset > through) return
        yield placed
        next = placed.offset + 1
      }
    }
  }

  /** What there is in these partitions, by partition; waits so long for something to come. Throws when the beginning is gone. */
  fetch(wanted: readonly Wanted[], waitMs: number): Promise<Map<number, Placed[]>> {
    const fetched = this.#line.then(() => this.#fetch(wanted, waitMs))
    // The broker keeps a session for each consumer, which knows one request at a time.
    this.#line = fetched.catch(() => undefined)
    return fetched
  }

  async close(): Promise<void> {
    await this.#consumer.close(true)
  }

  async #fetch(wanted: readonly Wanted[], waitMs: number): Promise<Map<number, Placed[]>> {
    const metadata = await this.#consumer.metadata({ topics: [this.#topic] })
    const topic = metadata.topics.get(this.#topic)
    if (topic === undefined) throw new Error(`There is no topic ${this.#topic}.`)
    const leaders = Map.groupBy(wanted, ({ partition }) => topic.partitions[partition]?.leader ?? -1)
    const found = new Map<number, Placed[]>()
    for (const [node, parts] of leaders) {
      for (const [partition, placed] of await this.#fetchFrom(
        node,
        topic.id,
        parts,
        Math.round(waitMs / leaders.size),
      )) {
        found.set(partition, placed)
      }
    }
    return found
  }

  async #fetchFrom(
    node: number,
    topicId: string,
    wanted: readonly Wanted[],
    waitMs: number,
  ): Promise<Map<number, Placed[]>> {
    const partitions = wanted.map(({ partition, from }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(from),
      lastFetchedEpoch: -1,
      partitionMaxBytes: KAFKA_LIMITS.fetchBytes,
    }))
    const { fetchBytes: maxBytes } = KAFKA_LIMITS
    const fetching = this.#consumer.fetch({
      node,
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes,
      topics: [{ topicId, partitions }],
    })
    const answer = await fetching.catch((error: unknown) => {
      if (!saysKafka(error, 'OFFSET_OUT_OF_RANGE')) throw error
      const asked = wanted.map(({ partition, from }) => `${partition} from ${from}`).join(', ')
      throw new Error(`${this.#topic} no longer has, or does not have yet, what PostgreSQL goes on from: ${asked}.`, {
        cause: error,
      })
    })
    const found = new Map<number, Placed[]>()
    for (const { partitionIndex, records, highWatermark } of answer.responses.flatMap((each) => each.partitions)) {
      this.#ends.set(partitionIndex, Number(highWatermark))
      const from = wanted.find(({ partition }) => partition === partitionIndex)?.from
      if (from === undefined) continue
      const placed = (records ?? []).flatMap((batch) =>
        batch.records.map((record) => ({
          offset: Number(batch.firstOffset) + record.offsetDelta,
          value: record.value,
        })),
      )
      found.set(
        partitionIndex,
        // A broker gives whole batches, also of what was asked for from the middle on.
        placed
          .filter(({ offset }) => offset >= from)
          .map(({ offset, value }) => ({ offset, record: decode(offset, value) })),
      )
    }
    return found
  }
}

function decode(offset: number, value: Buffer | null): LogRecord {
  if (value === null) throw new Error(`Offset ${offset} holds nothing.`)
  return decodeRecord(value)
}
