import type { Consumer } from '@platformatic/kafka'
import { setTimeout as wait } from 'node:timers/promises'
import { openMember } from './connect.ts'
import type { KafkaConnection } from './connect.ts'

const REJOIN_MS = 1_000

/** A place in a consumer group: which of a topic's partitions are this member's, as far as it knows. Two may believe it of one. */
export class Membership {
  readonly #consumer: Consumer
  readonly #closing = new AbortController()
  readonly #joined: () => void
  readonly #keeping: Promise<void>

  /** `joined` is called whenever the partitions may be others than before. */
  constructor(
    connection: KafkaConnection,
    topic: string,
    group: string,
    joined: () => void,
    onError: (error: Error) => void,
  ) {
    this.#joined = joined
    this.#consumer = openMember(connection, group)
    this.#consumer.topics.track(topic)
    this.#consumer.on('error', onError)
    this.#consumer.on('consumer:group:join', () => this.#joined())
    this.#keeping = this.#keep(onError)
  }

  get partitions(): number[] {
    return (this.#consumer.assignments ?? []).flatMap((each) => each.partitions)
  }

  /** Leaves, so that the others need not wait for its silence. */
  async close(): Promise<void> {
    this.#closing.abort()
    // Kafka being away, its silence must do.
    await this.#consumer.close(true).catch(() => undefined)
    await this.#keeping
  }

  /** Joins, and joins again whenever the client has given up. */
  async #keep(onError: (error: Error) => void): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      if (!this.#consumer.isActive()) {
        await this.#consumer.joinGroup().catch((error: unknown) => {
          if (!signal.aborted) onError(error instanceof Error ? error : new Error(String(error)))
        })
      }
      await wait(REJOIN_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
