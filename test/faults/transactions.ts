import { Client } from 'pg'

/** Counts what a PostgreSQL database was asked: outside of a transaction each statement is one of its own. */
export class Transactions implements AsyncDisposable {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  /** Over a connection of its own. */
  static async of(url: string): Promise<Transactions> {
    const client = new Client({ connectionString: url })
    await client.connect()
    return new Transactions(client)
  }

  /** All so far, of everybody; a server counts with a delay of a second or so. */
  async count(): Promise<number> {
    const sums = await this.#client.query<{ count: string }>(
      'SELECT sum(xact_commit + xact_rollback) AS count FROM pg_stat_database WHERE datname = current_database()',
    )
    return Number(sums.rows[0]?.count ?? 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end()
  }
}
