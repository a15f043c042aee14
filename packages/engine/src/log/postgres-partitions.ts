import type { Millis } from '@plenary/kinds'
import type { Database } from '../postgres/database.ts'

/** A part of the table that is there, from its first moment to that of the next one. */
interface Month {
  from: Millis
  to: Millis
}

/**
 * The months that the table of entries is split into. A month is made before the first entry of it is written, and the one after
 * it at the same time, so that hardly an append ever waits for one.
 */
export class Partitions {
  readonly #database: Database
  readonly #schema: string
  #there: Month[] = []
  readonly #making = new Map<string, Promise<void>>()

  constructor(database: Database, schema: string) {
    this.#database = database
    this.#schema = schema
  }

  /** Resolves once there is a place for entries of all these moments. */
  async need(moments: Iterable<Millis>): Promise<void> {
    for (const at of moments) if (this.#monthOf(at) === undefined) await this.#make(nameOf(at))
  }

  /** Makes the month of this moment and the next one. */
  async ahead(at: Millis): Promise<void> {
    await this.need([at])
    await this.need([this.#monthOf(at)?.to ?? nextMonth(nameOf(at))])
  }

  /** One of them was taken away by somebody else: all are looked for again. */
  forget(): void {
    this.#there = []
  }

  /** The newest is looked at first: nearly every entry is of that one or the one before it. */
  #monthOf(at: Millis): Month | undefined {
    return this.#there.findLast(({ from, to }) => at >= from && at < to)
  }

  #make(month: string): Promise<void> {
    let making = this.#making.get(month)
    if (making === undefined) {
      making = this.#attach(month).finally(() => this.#making.delete(month))
      this.#making.set(month, making)
    }
    return making
  }

  async #attach(month: string): Promise<void> {
    const name = `entry_${month.replaceAll(/\W/g, '_')}`
    const [from, to] = [startOf(month), nextMonth(month)]
    await this.#database.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`plenary ${this.#schema}.entry`])
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'entry'::regclass AND inhrelid = to_regclass($1)) AS there`,
        [name],
      )
      if (rows[0]?.there === true) return
      // Made aside and attached, it keeps no append waiting; made as a part it would lock the whole table.
      await client.query(`CREATE TABLE ${name} (LIKE entry INCLUDING ALL)`)
      await client.query(`ALTER TABLE entry ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`)
    })
    this.#there.push({ from, to })
  }
}

/** Like `2026-11`, in UTC. Throws for what is no moment. */
const nameOf = (at: Millis) => new Date(at).toISOString().slice(0, -'-01T00:00:00.000Z'.length)
const startOf = (month: string) => Date.parse(`${month}-01T00:00:00.000Z`)

function nextMonth(month: string): Millis {
  const next = new Date(startOf(month))
  return next.setUTCMonth(next.getUTCMonth() + 1)
}
