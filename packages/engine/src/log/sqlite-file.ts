import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { openTables } from './sqlite-tables.ts'

/** The log's file, open: its statements, prepared once, and its transactions. */
export class SqliteFile {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #undone: () => void

  /** `undone` is told when a transaction was taken back. Throws one clear line when the file is no log. */
  constructor(path: string, undone: () => void) {
    this.#db = openTables(path)
    this.#undone = undone
  }

  sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) this.#statements.set(text, (statement = this.#db.prepare(text)))
    return statement
  }

  /** Durable when it returns. */
  transaction<T>(run: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = run()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      // A commit that failed for a full disk has rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#undone()
      throw error
    }
  }

  /** Whole or not at all, and in its order among all others; durable with the next one that is. */
  unsynced(run: () => void): void {
    this.#db.exec('PRAGMA synchronous = NORMAL')
    try {
      this.transaction(run)
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL')
    }
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }
}
