import type { CommandId, Millis, RoomId, Seq } from '@plenary/kinds'
import { setTimeout as wait } from 'node:timers/promises'
import { Fenced } from '../log.ts'
import type { CommandPlace, LoadedRoom, RoomAppend, ShardLog, Snapshot, StoredEntry } from '../log.ts'
import { judge } from './admission.ts'
import type { Position } from './admission.ts'
import { KAFKA_LIMITS } from './limits.ts'
import type { Overlay } from './overlay.ts'
import { encodeRecord } from './record.ts'
import type { Reader } from './reader.ts'
import type { Sender } from './sender.ts'

/** What an owned shard needs of PostgreSQL. */
export interface KeptLog {
  /** The highest epoch of a shard that reached it. */
  epoch(shard: string): Promise<number>
  /** A room's shard and head; null for one that it does not know. */
  whereabouts(room: RoomId): Promise<{ shard: string; head: Seq } | null>
  find(room: RoomId, newest: readonly StoredEntry[], id: CommandId): Promise<Seq | null>
  load(room: RoomId, newest: readonly StoredEntry[]): Promise<LoadedRoom>
  ids(room: RoomId, newest: readonly StoredEntry[], limit: number): Promise<CommandPlace[]>
  snapshot(shard: string, epoch: number, room: RoomId, snapshot: Snapshot): Promise<void>
  deadlines(shard: string): Promise<{ room: RoomId; at: Millis }[]>
  /** Waits until it has all of this shard below an offset; false when not in time. */
  reached(next: number, ms: number): Promise<boolean>
}

export interface OwnedShardOptions {
  shard: string
  topic: string
  partition: number
  epoch: number
  /** Behind the fence of this epoch. */
  position: Position
  overlay: Overlay
  sender: Sender
  reader: Reader
  kept: KeptLog
}

/**
 * One ownership of one partition. An append is acknowledged when it is known what lies before it: its offset follows on from
 * the last one known, or what lies between has been read. So no acknowledged append ever stands behind a higher epoch's fence,
 * whatever became of any lease (R4), and as a rule that costs no request at all.
 */
export class OwnedShard implements ShardLog {
  readonly shard: string
  readonly epoch: number
  readonly overlay: Overlay
  readonly #options: OwnedShardOptions
  readonly #fence: number
  readonly #heads = new Map<RoomId, Seq>()
  #position: Position
  /** How many appends of this epoch are in the log. */
  #appended = 0
  #heardAt = performance.now()
  /** Why no more is appended; null while this is the owner. */
  #over: Error | null = null
  #line: Promise<unknown> = Promise.resolve()

  constructor(options: OwnedShardOptions) {
    this.#options = options
    this.shard = options.shard
    this.epoch = options.epoch
    this.overlay = options.overlay
    this.#position = options.position
    this.#fence = options.position.next - 1
  }

  get partition(): number {
    return this.#options.partition
  }

  /** Whether it may have something of this room that PostgreSQL does not have. */
  knows(room: RoomId): boolean {
    return this.overlay.has(room) || this.#heads.has(room)
  }

  /** A higher epoch is in force. */
  supersede(): void {
    this.#over = new Fenced(this.shard, this.epoch)
  }

  /** Whether what it knows is all there is; asks Kafka when nothing was heard of it for a while. */
  async current(): Promise<boolean> {
    if (performance.now() - this.#heardAt > KAFKA_LIMITS.freshMs) {
      // Kafka being away, nobody can have taken it since either.
      await this.#inLine(() => this.#lookAhead()).catch(() => undefined)
    }
    return this.#over === null
  }

  append(batch: readonly RoomAppend[]): Promise<void> {
    return this.#inLine(() => this.#append(batch))
  }

  find(room: RoomId, id: CommandId): Promise<Seq | null> {
    return this.#options.kept.find(room, this.overlay.entries(room), id)
  }

  ids(room: RoomId, limit: number): Promise<CommandPlace[]> {
    return this.#options.kept.ids(room, this.overlay.entries(room), limit)
  }

  async load(room: RoomId): Promise<LoadedRoom> {
    const loaded = await this.#options.kept.load(room, this.overlay.entries(room))
    this.#noteHead(room, Math.max(loaded.head, this.#heads.get(room) ?? 0))
    return loaded
  }

  /** Waits for the writer, so that PostgreSQL never has a snapshot of what it does not have. */
  async snapshot(room: RoomId, snapshot: Snapshot): Promise<void> {
    const { kept } = this.#options
    const last = await this.#inLine(async () => {
      await this.#lookAhead()
      this.#mustGoOn()
      return Math.max(this.#fence, this.overlay.lastOffset(room) ?? 0)
    })
    if (!(await kept.reached(last + 1, KAFKA_LIMITS.snapshotMs)))
      throw new Error('PostgreSQL is too far behind for a snapshot.')
    await kept.snapshot(this.shard, this.epoch, room, snapshot)
  }

  async deadlines(): Promise<{ room: RoomId; at: Millis }[]> {
    const newest = this.overlay.deadlines()
    const kept = await this.#options.kept.deadlines(this.shard)
    const all = new Map<RoomId, Millis | null>(kept.map(({ room, at }) => [room, at]))
    for (const [room, at] of newest) all.set(room, at)
    return [...all].flatMap(([room, at]) => (at === null ? [] : [{ room, at }]))
  }

  /** Resolves once nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.#line
  }

  async #append(batch: readonly RoomAppend[]): Promise<void> {
    this.#mustGoOn()
    // Whatever is thrown up to here leaves nothing behind, and the shard in order.
    await this.#checkPlaces(batch)
    const { topic, partition, sender } = this.#options
    const n = this.#position.n + 1
    const value = encodeRecord({ epoch: this.epoch, n, batch })
    if (value.length > KAFKA_LIMITS.recordBytes) throw new Error(`An append of ${value.length} bytes is too large.`)
    await this.#untilThereIsRoom()
    this.#mustGoOn()
    try {
      const offset = await sender.send(topic, partition, value)
      this.#heardAt = performance.now()
      if (offset === this.#position.next) this.#take(offset, n, batch)
      else await this.#catchUp(offset)
    } catch (error) {
      // It may stand there or come to: only the next epoch's fence settles it, also when that has been written meanwhile.
      const unknown = new Error(`What became of an append to shard ${this.shard} is not known.`, { cause: error })
      this.#over ??= unknown
      throw unknown
    }
    if (this.#appended < n)
      throw this.#over ?? new Error(`Append ${n} of shard ${this.shard} is not where Kafka put it.`)
  }

  #mustGoOn(): void {
    if (this.#over !== null) throw this.#over
  }

  #take(offset: number, n: number, batch: readonly RoomAppend[]): void {
    this.#position = { next: offset + 1, epoch: this.epoch, n }
    this.#appended = n
    this.overlay.add(offset, batch)
    for (const { room, after, entries } of batch) this.#noteHead(room, after + entries.length)
  }

  /** Reads what others, or this one's own repetitions, have put between what was known and this offset. */
  async #catchUp(through: number): Promise<void> {
    const { reader, partition } = this.#options
    if (through < this.#position.next)
      throw new Error(`Partition ${partition} has gone back to ${through}: it has lost records.`)
    for await (const { offset, record } of reader.range(partition, this.#position.next, through)) {
      const { counts, position } = judge(this.#position, offset, record)
      // Nothing of this epoch counts any more from here on.
      if (counts && 'token' in record) return this.supersede()
      if (counts && 'batch' in record) this.#take(offset, record.n, record.batch)
      else this.#position = position
    }
  }

  async #lookAhead(): Promise<void> {
    if (this.#over !== null) return
    const { reader, partition } = this.#options
    const end = (await reader.ends([partition])).get(partition) ?? 0
    this.#heardAt = performance.now()
    if (end > this.#position.next) await this.#catchUp(end - 1)
  }

  async #checkPlaces(batch: readonly RoomAppend[]): Promise<void> {
    if (new Set(batch.map(({ room }) => room)).size < batch.length) throw new Error('A batch names a room twice.')
    for (const { room, after, entries } of batch) {
      const astray = entries.find(({ seq }, at) => seq !== after + at + 1)
      if (astray !== undefined)
        throw new Error(`Entry ${astray.seq} of room ${room} is not where it belongs after ${after}.`)
      const head = this.overlay.head(room) ?? this.#heads.get(room) ?? (await this.#askHead(room))
      if (head !== after) throw new Error(`Room ${room} is at ${head}, not at ${after}.`)
    }
  }

  async #askHead(room: RoomId): Promise<Seq> {
    const found = await this.#options.kept.whereabouts(room)
    if (found !== null && found.shard !== this.shard) throw new Error(`Room ${room} is in shard ${found.shard}.`)
    this.#noteHead(room, found?.head ?? 0)
    return found?.head ?? 0
  }

  #noteHead(room: RoomId, head: Seq): void {
    this.#heads.delete(room)
    this.#heads.set(room, head)
    if (this.#heads.size <= KAFKA_LIMITS.headsMax) return
    const oldest = this.#heads.keys().next()
    if (oldest.done !== true) this.#heads.delete(oldest.value)
  }

  async #untilThereIsRoom(): Promise<void> {
    const until = performance.now() + KAFKA_LIMITS.roomMs
    while (this.overlay.chars >= KAFKA_LIMITS.overlayChars) {
      if (performance.now() >= until) throw new Error('PostgreSQL is too far behind for another append.')
      await this.#options.kept.reached(this.#position.next, KAFKA_LIMITS.waitPollMs)
      await wait(KAFKA_LIMITS.waitPollMs)
    }
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => undefined)
    return done
  }
}
