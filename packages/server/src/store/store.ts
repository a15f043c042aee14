import type { Millis } from '@plenary/kinds'
import { Kysely, PostgresAdapter, sql, SqliteDialect } from 'kysely'
import { migrate } from './migrate.ts'
import { openNodeSqlite } from './node-sqlite.ts'
import type { Tables } from './schema.ts'

export type Store = Kysely<Tables>

/** Opens the platform's database in a file and brings it to this version's schema. Throws what the database says. */
export async function openStore(file: string): Promise<Store> {
  const store: Store = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openNodeSqlite(file) }) })
  try {
    await migrate(store)
    return store
  } catch (error) {
    await store.destroy()
    throw error
  }
}

/** Which engine it is in, by the name that libraries know it by. */
export function engineOf(store: Store): 'sqlite' | 'postgres' {
  return store.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/** What time it is by PostgreSQL's own clock. */
export async function databaseTime(store: Store): Promise<Millis> {
  const { rows } = await sql<{
    now: number | string
  }>`SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now`.execute(store)
  return Number(rows[0]?.now)
}

/** Whether a write failed because such a row exists already. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const sqlite = 'errcode' in error && (error.errcode === 2067 || error.errcode === 1555)
  const postgres = 'code' in error && error.code === '23505'
  return sqlite || postgres
}
