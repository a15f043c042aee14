import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { Tables } from './schema.ts'

/**
 * Brings a database to this version's schema, one node at a time. `schema` is where its tables lie, in an engine that has such.
 * Throws what the database says, and one clear line for a schema of a newer version.
 */
export async function migrate(db: Kysely<Tables>, schema?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'plenary_migration',
    migrationLockTableName: 'plenary_migration_lock',
    ...(schema !== undefined && { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  if (!(error instanceof Error)) throw new Error('A migration failed.', { cause: error })
  // What has been carried out and is not known here can only be of a later version.
  if (/^corrupted migrations: .* is missing$/.test(error.message)) {
    throw new Error('it was written by a newer Plenary', { cause: error })
  }
  throw error
}
