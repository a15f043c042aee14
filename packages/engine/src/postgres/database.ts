import { DatabaseError } from 'pg'
import type { Pool, PoolClient } from 'pg'
import { SILENCE_MS_MAX, limitSilence, openPool } from './pool.ts'
import type { PostgresOptions } from './pool.ts'

/** A connection that was long in coming leaves at least so much for the answer. */
const ANSWER_MS_LEAST = 200

/** A text with `$1`-parameters, prepared once per connection under its name. */
export interface Statement {
  name: string
  text: string
}

/** Statements on a pool, each a transaction of its own that fails in about 2 s when PostgreSQL is away. */
export class Database {
  readonly #pool: Pool
  readonly #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(options: PostgresOptions) {
    this.#pool = openPool(options)
  }

  /** A piece of work that `close` waits for. Throws when that has begun. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw new Error('The connection to PostgreSQL is closed.')
    const running = work()
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /**
   * The rows of one statement. What it did when it throws is not known: the whole, or nothing. Where it says no as an answer, like
   * `DatabaseError` for a broken constraint, it is nothing.
   */
  async query<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const askedAt = performance.now()
    const client = await this.#pool.connect()
    const waited = performance.now() - askedAt
    limitSilence(client, Math.max(ANSWER_MS_LEAST, SILENCE_MS_MAX - waited))
    return await released(client, async () => (await client.query<Row>({ ...statement, values })).rows)
  }

  /** Several statements in one transaction, one after the other. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    return await released(client, async () => {
      await client.query('BEGIN')
      try {
        const value = await work(client)
        await client.query('COMMIT')
        return value
      } catch (error) {
        // On a connection that is broken there is nothing to roll back.
        await client.query('ROLLBACK').catch(() => undefined)
        throw error
      }
    })
  }

  /** Ends all connections once the work begun with `run` is done. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.#pool.end())
    return this.#closing
  }
}

/** Codes of a server that says goodbye begin so. */
const OVER = '57P'

/** Only a connection on which the server has answered, and goes on answering, may be used again. */
async function released<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    const value = await work()
    client.release()
    return value
  } catch (error) {
    client.release(!(error instanceof DatabaseError) || error.code?.startsWith(OVER) === true)
    throw error
  }
}
