import { randomUUID } from 'node:crypto'
import type { Database } from '../../postgres/database.ts'
import { Fenced } from '../log.ts'
import { judge } from './admission.ts'
import type { Position } from './admission.ts'
import { ensureTopic } from './connect.ts'
import type { KafkaConnection } from './connect.ts'
import { KAFKA_LIMITS } from './limits.ts'
import { Overlay } from './overlay.ts'
import { OwnedShard } from './owned-shard.ts'
import type { KeptLog } from './owned-shard.ts'
import { Positions } from './positions.ts'
import { encodeRecord } from './record.ts'
import type { LogRecord } from './record.ts'
import { Reader } from './reader.ts'
import type { Sender } from './sender.ts'

export interface TopicDeps {
  connection: KafkaConnection
  database: Database
  sender: Sender
  kept: Omit<KeptLog, 'reached'>
}

/** One zone's entries in Kafka, and the shards of it that this process owns. */
export class Topic {
  readonly name: string
  readonly #deps: TopicDeps
  readonly #reader: Reader
  readonly #positions: Positions
  readonly #owned = new Map<number, OwnedShard>()
  readonly #acquiring = new Map<number, Promise<unknown>>()
  readonly #trimming: NodeJS.Timeout

  private constructor(name: string, deps: TopicDeps) {
    this.name = name
    this.#deps = deps
    this.#reader = new Reader(deps.connection, name)
    this.#positions = new Positions(deps.database, name, () => this.#trim())
    this.#trimming = setInterval(() => {
      // What PostgreSQL does not answer now, it is asked again soon.
      if (this.#shards().some((each) => !each.overlay.empty)) this.#positions.refresh().catch(() => undefined)
    }, KAFKA_LIMITS.trimPollMs).unref()
  }

  /** Makes the topic where there is none. Throws when it has another number of partitions. */
  static async open(name: string, partitions: number, deps: TopicDeps): Promise<Topic> {
    await ensureTopic(deps.connection, name, partitions)
    return new Topic(name, deps)
  }

  owned(partition: number): OwnedShard | undefined {
    return this.#owned.get(partition)
  }

  /** The owned shard that this room is in, as far as that is known here. */
  ownerOf(room: Parameters<OwnedShard['knows']>[0]): OwnedShard | undefined {
    return this.#shards().find((each) => each.knows(room))
  }

  /** The epoch in force in a partition's shard now. */
  async epoch(shard: string, partition: number): Promise<number> {
    const kept = await this.#positions.read(partition)
    const end = (await this.#reader.ends([partition])).get(partition) ?? 0
    const { epoch } = await this.#replay(partition, kept, end - 1, () => undefined)
    return Math.max(epoch, await this.#deps.kept.epoch(shard))
  }

  /** Ends all lower epochs of a partition's shard. Throws `Fenced` when there is one as high. */
  async acquire(shard: string, partition: number, epoch: number): Promise<OwnedShard> {
    const ahead = this.#acquiring.get(partition) ?? Promise.resolve()
    const acquired = ahead.then(() => this.#acquire(shard, partition, epoch))
    this.#acquiring.set(
      partition,
      acquired.catch(() => undefined),
    )
    return acquired
  }

  /** Waits until PostgreSQL has all that these partitions hold now; false when it has not in time. */
  async settled(partitions: readonly number[]): Promise<boolean> {
    return this.#positions.reached(await this.#reader.ends(partitions), KAFKA_LIMITS.readMs)
  }

  async close(): Promise<void> {
    clearInterval(this.#trimming)
    await Promise.all([...this.#acquiring.values(), ...this.#shards().map((each) => each.settled())])
    await this.#reader.close()
  }

  async #acquire(shard: string, partition: number, epoch: number): Promise<OwnedShard> {
    const before = this.#owned.get(partition)
    if (before !== undefined && before.epoch >= epoch) throw new Fenced(shard, epoch)
    // Read before the fence is written, so that the fence lies past it and is met below.
    // A shard whose entries went to PostgreSQL directly before has epochs that no partition knows of.
    const [kept, direct] = await Promise.all([this.#positions.read(partition), this.#deps.kept.epoch(shard)])
    if (Math.max(kept.epoch, direct) >= epoch) throw new Fenced(shard, epoch)
    const token = randomUUID()
    const fence = await this.#deps.sender.send(this.name, partition, encodeRecord({ epoch, token }))
    if (fence < kept.next) {
      throw new Error(
        `${this.name} has ${fence} records in partition ${partition}, and PostgreSQL already has ${kept.next} of them.`,
      )
    }
    const overlay = new Overlay()
    let own = fence === kept.next
    // Where nothing lies between, the next record is the fence itself; else a node that takes many shards would read them all.
    const position = own
      ? judge(kept, fence, { epoch, token }).position
      : await this.#replay(partition, kept, fence, (offset, record) => {
          if ('batch' in record) overlay.add(offset, record.batch)
          else if (record.token === token) own = true
        })
    if (!own || position.epoch !== epoch) throw new Fenced(shard, epoch)
    const { sender } = this.#deps
    const log: KeptLog = {
      ...this.#deps.kept,
      reached: (next, ms) => this.#positions.reached(new Map([[partition, next]]), ms),
    }
    const reader = this.#reader
    const owned = new OwnedShard({
      shard,
      topic: this.name,
      partition,
      epoch,
      position,
      overlay,
      sender,
      reader,
      kept: log,
    })
    before?.supersede()
    this.#owned.set(partition, owned)
    return owned
  }

  /** Goes through a partition's records up to this one; `visit` gets those that count. */
  async #replay(
    partition: number,
    from: Position,
    through: number,
    visit: (offset: number, record: LogRecord) => void,
  ): Promise<Position> {
    let position = from
    for await (const { offset, record } of this.#reader.range(partition, from.next, through)) {
      const judged = judge(position, offset, record)
      if (judged.counts) visit(offset, record)
      position = judged.position
    }
    return position
  }

  #trim(): void {
    for (const each of this.#shards()) each.overlay.trim(this.#positions.of(each.partition).next)
  }

  #shards(): OwnedShard[] {
    return [...this.#owned.values()]
  }
}
