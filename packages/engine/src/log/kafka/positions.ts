import { setTimeout as wait } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import type { Database, Statement } from '../../postgres/database.ts'
import { BEGINNING } from './admission.ts'
import type { Position } from './admission.ts'
import { KAFKA_LIMITS } from './limits.ts'

const READ: Statement = {
  name: 'kafka_positions',
  text: 'SELECT partition, next, epoch, n FROM kafka_position WHERE topic = $1',
}
const HOLD = {
  name: 'kafka_hold',
  text: `
    INSERT INTO kafka_position (topic, partition, next, epoch, n) VALUES ($1, $2, 0, 0, 0)
    ON CONFLICT (topic, partition) DO UPDATE SET next = kafka_position.next RETURNING next, epoch, n`,
}
const MOVE = {
  name: 'kafka_move',
  text: 'UPDATE kafka_position SET next = $3, epoch = $4, n = $5 WHERE topic = $1 AND partition = $2',
}

/** Locks where PostgreSQL stands in a partition until the end of the transaction, and answers it. */
export async function holdPosition(client: PoolClient, topic: string, partition: number): Promise<Position> {
  const { rows } = await client.query<Position>({ ...HOLD, values: [topic, partition] })
  return rows[0] ?? BEGINNING
}

export async function movePosition(client: PoolClient, topic: string, partition: number, to: Position): Promise<void> {
  await client.query({ ...MOVE, values: [topic, partition, to.next, to.epoch, to.n] })
}

/** How far PostgreSQL is in the partitions of a topic, as it said last. */
export class Positions {
  readonly #database: Database
  readonly #topic: string
  readonly #moved: () => void
  #known = new Map<number, Position>()
  #reading: Promise<void> | null = null

  /** `moved` is called after each look. */
  constructor(database: Database, topic: string, moved: () => void) {
    this.#database = database
    this.#topic = topic
    this.#moved = moved
  }

  /** As last seen. */
  of(partition: number): Position {
    return this.#known.get(partition) ?? BEGINNING
  }

  /** As it is now, or later. */
  async read(partition: number): Promise<Position> {
    // A look that is under way may have seen what was.
    await this.#reading?.catch(() => undefined)
    await this.refresh()
    return this.of(partition)
  }

  /** Looks again; those who come while it looks share the answer. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null))
    return this.#reading
  }

  /** Waits until PostgreSQL has all below these offsets; false when it has not in time, or cannot be asked. */
  async reached(wanted: ReadonlyMap<number, number>, ms: number): Promise<boolean> {
    const until = performance.now() + ms
    for (;;) {
      if ([...wanted].every(([partition, next]) => this.of(partition).next >= next)) return true
      if (performance.now() >= until) return false
      await this.refresh().catch(() => undefined)
      await wait(KAFKA_LIMITS.waitPollMs)
    }
  }

  async #read(): Promise<void> {
    const rows = await this.#database.query<Position & { partition: number }>(READ, [this.#topic])
    this.#known = new Map(rows.map(({ partition, next, epoch, n }) => [partition, { next, epoch, n }]))
    this.#moved()
  }
}
