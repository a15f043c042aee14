import { openPool } from '@plenary/engine/postgres'
import { Kysely, PostgresDialect } from 'kysely'
import { migrate } from './migrate.ts'
import type { Tables } from './schema.ts'
import type { Store } from './store.ts'

export interface PostgresStoreOptions {
  /** Like `postgres://user:password@host:5432/database`. */
  url: string
  /** Where its tables lie; `plenary` without this. */
  schema?: string
  /** Most connections at one time. */
  connections?: number
  /** Told of connections that broke while nobody used them; new ones are made. */
  onError?(error: Error): void
}

const SCHEMA = 'plenary'
const CONNECTIONS_MAX = 5

/** Opens the platform's database in PostgreSQL, which many nodes share, and brings it to this version's schema. Throws one clear line. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { schema = SCHEMA, connections = CONNECTIONS_MAX } = options
  const open = (patient: boolean) =>
    new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: openPool({ ...options, schema, connections, patient }) }),
    })
  const migrating = open(true)
  try {
    await migrate(migrating, schema)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`The database in PostgreSQL cannot be used: ${why.replace(/\.$/, '')}.`, { cause: error })
  } finally {
    await migrating.destroy()
  }
  return open(false)
}
