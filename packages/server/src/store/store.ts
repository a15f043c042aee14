import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import { openNodeSqlite } from './node-sqlite.ts'
import type { Tables } from './schema.ts'

export type Store = Kysely<Tables>

/** Opens the platform's database and brings it to this version's schema. Throws what the database says. */
export async function openStore(file: string): Promise<Store> {
  const store: Store = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openNodeSqlite(file) }) })
  try {
    const { error } = await new Migrator({
      db: store,
      provider: { getMigrations: async () => migrations },
      migrationTableName: 'plenary_migration',
      migrationLockTableName: 'plenary_migration_lock',
    }).migrateToLatest()
    if (error !== undefined) throw error instanceof Error ? error : new Error('A migration failed.', { cause: error })
    return store
  } catch (error) {
    await store.destroy()
    throw error
  }
}

/** Whether a write failed because such a row exists already. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const sqlite = 'errcode' in error && (error.errcode === 2067 || error.errcode === 1555)
  const postgres = 'code' in error && error.code === '23505'
  return sqlite || postgres
}
