import { randomBytes } from 'node:crypto'
import type { RoomId } from '@plenary/kinds'
import { Database } from '../postgres/database.ts'
import { KEY_BYTES } from './keys.ts'
import type { RoomKeys } from './keys.ts'

export interface PostgresKeysOptions {
  /** Like `postgres://user:password@host:5432/database`. */
  url: string
  /** Where its table lies; `plenary_keys` without this. */
  schema?: string
  onError?(error: Error): void
}

const SCHEMA = 'plenary_keys'

/**
 * Keys in a table of PostgreSQL that is not written to its log, nor to standbys and backups of that (`UNLOGGED`). What was deleted would
 * stay in the table's file until something overwrites it, so the few rows that are left are written to a new file and the old one is
 * removed (`VACUUM FULL`). The table is never analysed: statistics hold samples of values. A crash of PostgreSQL empties it: then the
 * scopes that were open take nothing more.
 */
export async function openPostgresKeys(options: PostgresKeysOptions): Promise<RoomKeys> {
  const { url, schema = SCHEMA, onError = () => undefined } = options
  const database = new Database({ url, schema, onError, connections: 2 })
  const run = <Row extends object>(name: string, text: string, values: unknown[] = []) =>
    database.run(() => database.query<Row>({ name: `keys_${name}`, text }, values))
  try {
    await database.transaction(async (client) => {
      // Two nodes that start at once would both find nothing there.
      await client.query(`SELECT pg_advisory_xact_lock(hashtext('${schema}'))`)
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
      await client.query(`
        CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.room_key (
          room text COLLATE "C", scope text COLLATE "C", key bytea NOT NULL, PRIMARY KEY (room, scope)
        ) WITH (autovacuum_enabled = false)`)
    })
  } catch (error) {
    await database.close()
    throw error
  }

  const of = async (room: RoomId) => {
    const rows = await run<{ scope: string; key: Buffer }>('of', 'SELECT scope, key FROM room_key WHERE room = $1', [
      room,
    ])
    return new Map(rows.map(({ scope, key }) => [scope, new Uint8Array(key)]))
  }

  return {
    async make(room, scope) {
      await run('make', 'INSERT INTO room_key VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
        room,
        scope,
        randomBytes(KEY_BYTES),
      ])
      const key = (await of(room)).get(scope)
      if (key === undefined) throw new Error('A key that was made is not there.')
      return key
    },
    of,
    async rooms() {
      const rows = await run<{ room: RoomId }>('rooms', 'SELECT DISTINCT room FROM room_key')
      return rows.map(({ room }) => room)
    },
    async destroy(room, scopes) {
      const gone = await run('destroy', 'DELETE FROM room_key WHERE room = $1 AND scope = ANY ($2) RETURNING scope', [
        room,
        scopes,
      ])
      if (gone.length > 0) await run('vacuum', 'VACUUM FULL room_key')
    },
    close: () => database.close(),
  }
}
