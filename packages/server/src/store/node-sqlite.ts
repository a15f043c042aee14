import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

const BUSY_TIMEOUT_MS = 5_000

/** Node's own SQLite in the shape that Kysely's SQLite dialect drives. Throws SQLite's error when the file is none. */
export function openNodeSqlite(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT_MS })
  try {
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
  } catch (error) {
    database.close()
    throw error
  }
  return { close: () => database.close(), prepare: (sql) => statement(database.prepare(sql)) }
}

function statement(prepared: StatementSync): SqliteStatement {
  return {
    reader: prepared.columns().length > 0,
    // Node makes rows without a prototype; libraries that print or compare them expect plain objects.
    all: (parameters) => prepared.all(...bound(parameters)).map((row) => ({ ...row })),
    run: (parameters) => prepared.run(...bound(parameters)),
    iterate: (parameters) => prepared.iterate(...bound(parameters)),
  }
}

/** Dates and booleans have no SQLite type of their own. */
function bound(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (typeof value === 'boolean') return value ? 1 : 0
    if (value instanceof Date) return value.toISOString()
    return (value ?? null) as SQLInputValue
  })
}
