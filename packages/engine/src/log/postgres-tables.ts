import { randomBytes } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Database } from '../postgres/database.ts'
import { limitSilence } from '../postgres/pool.ts'

/** Longest wait for another node that is changing the tables. */
const OTHERS_MS_MAX = 60_000

/**
 * Forward only; a released one never changes. Those of a room's entries have their time in the key because the table is split by
 * it: that a seq stands in a room once is seen to by the append (docs/adr/0011).
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE shard (id text COLLATE "C" PRIMARY KEY, epoch bigint NOT NULL);
  CREATE TABLE room (
    num bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    shard text COLLATE "C" NOT NULL,
    head bigint NOT NULL,
    deadline bigint,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL
  ) WITH (fillfactor = 70);
  CREATE INDEX room_deadline ON room (shard) INCLUDE (deadline) WHERE deadline IS NOT NULL;
  CREATE TABLE entry (
    room bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    sees text COLLATE "C" NOT NULL,
    about bigint,
    json text NOT NULL,
    PRIMARY KEY (room, seq, at)
  ) PARTITION BY RANGE (at);
  CREATE INDEX entry_command ON entry (room, id);
  CREATE INDEX entry_about ON entry (room, about, seq) WHERE about IS NOT NULL;
  CREATE TABLE snapshot (room bigint PRIMARY KEY, seq bigint NOT NULL, version integer NOT NULL, state text NOT NULL);
  `,
  // How far the partitions of Kafka's topics are in these tables, and of which epoch (docs/adr/0012).
  `
  CREATE TABLE kafka_position (
    topic text COLLATE "C",
    partition integer,
    next bigint NOT NULL,
    epoch bigint NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (topic, partition)
  ) WITH (fillfactor = 50);
  `,
]

/**
 * Brings the log's tables to this version, one node at a time, and answers the log's own id. Throws one clear line when they are of
 * a newer version.
 */
export async function migrateLog(database: Database, schema: string): Promise<string> {
  return await database.transaction(async (client) => {
    limitSilence(client, OTHERS_MS_MAX)
    await client.query(`SET LOCAL lock_timeout = ${OTHERS_MS_MAX}; SET LOCAL statement_timeout = 0`)
    await lockSchema(client, schema)
    await client.query('CREATE TABLE IF NOT EXISTS meta (key text PRIMARY KEY, value text NOT NULL)')
    const version = Number((await read(client, 'version')) ?? 0)
    if (version > MIGRATIONS.length) {
      throw new Error(`The log was written by a newer Plenary (tables ${version}, this knows ${MIGRATIONS.length}).`)
    }
    for (const migration of MIGRATIONS.slice(version)) await client.query(migration)
    await keep(client, 'version', String(MIGRATIONS.length))
    // A restore from a copy must delete this row, so that cursors from after the copy are reset.
    const id = (await read(client, 'log')) ?? randomBytes(9).toString('base64url')
    await keep(client, 'log', id)
    return id
  })
}

async function lockSchema(client: PoolClient, schema: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`plenary ${schema}`])
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regnamespace($1) IS NOT NULL AS there', [schema])
  // Asked first: making one needs a right that using one does not.
  if (rows[0]?.there !== true) await client.query(`CREATE SCHEMA ${schema}`)
}

async function read(client: PoolClient, key: string): Promise<string | null> {
  const { rows } = await client.query<{ value: string }>('SELECT value FROM meta WHERE key = $1', [key])
  return rows[0]?.value ?? null
}

async function keep(client: PoolClient, key: string, value: string): Promise<void> {
  await client.query('INSERT INTO meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
    key,
    value,
  ])
}
