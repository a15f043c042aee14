/** What needs PostgreSQL; apart from the engine's own entry, so that one process alone never loads it. */
export { openPostgresLog } from './log/log-postgres.ts'
export type { PostgresLogOptions } from './log/log-postgres.ts'
export { openPostgresKeys } from './keys/keys-postgres.ts'
export type { PostgresKeysOptions } from './keys/keys-postgres.ts'
export { openPool } from './postgres/pool.ts'
export type { PostgresOptions } from './postgres/pool.ts'
