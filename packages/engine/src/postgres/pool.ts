import type { Socket } from 'node:net'
import { Pool, TypeOverrides } from 'pg'
import type { PoolClient } from 'pg'

export interface PostgresOptions {
  /** Like `postgres://user:password@host:5432/database`. */
  url: string
  /** Where the tables lie; made if need be. */
  schema: string
  /** Most connections at one time. */
  connections?: number
  /** For changing tables, which may take long and wait for other nodes that do the same. */
  patient?: boolean
  /** Told of connections that broke while nobody used them; the pool goes on with new ones. */
  onError?(error: Error): void
}

const CONNECTIONS_MAX = 10
/** Longest wait for a connection, and for the next byte of an answer. */
export const SILENCE_MS_MAX = 1_700
/** Below `SILENCE_MS_MAX`, so that the server's own word comes first and the connection lives on. */
const LOCK_MS_MAX = 1_500
/**
 * What nobody waits for any more ends here at the latest: so long after a connection broke, a statement of it may still hold locks, such
 * as an append that of its shard. A commit that has begun is not cut short by it, whatever standbys it waits for.
 */
const STATEMENT_MS_MAX = 3_000
/** A connection whose other end is gone without a word is given up by the server after so long. */
const UNHEARD_MS_MAX = 5_000
/** All of these for whoever is patient. */
const PATIENCE_MS_MAX = 60_000
const KEEPALIVE_S = 5
const INT8 = 20

/** For every connection, whatever the server's own settings are. */
const SETTINGS: Record<string, string | number> = {
  // An answer means durable (R1); synchronous standbys are waited for, where there are any.
  synchronous_commit: 'on',
  // The append rests on seeing the newest row after it has waited for a lock.
  default_transaction_isolation: 'read committed',
  lock_timeout: LOCK_MS_MAX,
  statement_timeout: STATEMENT_MS_MAX,
  idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
  tcp_keepalives_idle: KEEPALIVE_S,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: KEEPALIVE_S,
  tcp_user_timeout: UNHEARD_MS_MAX,
  // Every query goes by an index. A plan made while a table was still empty must not be a scan of it for ever.
  enable_seqscan: 'off',
  jit: 'off',
}
const PATIENT_SETTINGS: typeof SETTINGS = {
  ...SETTINGS,
  lock_timeout: PATIENCE_MS_MAX,
  statement_timeout: PATIENCE_MS_MAX,
  idle_in_transaction_session_timeout: PATIENCE_MS_MAX,
}

/**
 * Connections to PostgreSQL that fail soon instead of hanging: a server that says nothing for `SILENCE_MS_MAX` while an answer is
 * due loses the connection, and the next call makes a new one. Throws for what is no URL or no plain schema name.
 */
export function openPool(options: PostgresOptions): Pool {
  const { patient = false } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(options.schema))
    throw new Error(`"${options.schema}" cannot be the name of a schema.`)
  const pool = new Pool({
    connectionString: withSettings(options.url, {
      ...(patient ? PATIENT_SETTINGS : SETTINGS),
      search_path: options.schema,
    }),
    max: options.connections ?? CONNECTIONS_MAX,
    connectionTimeoutMillis: SILENCE_MS_MAX,
    keepAlive: true,
    types: readTypes(),
  })
  const tell = options.onError ?? (() => undefined)
  const idle = new Set<PoolClient>()
  pool.on('error', tell)
  pool.on('connect', (client) => {
    // Of a client in use the query that fails with it tells; without a listener its error would end the process.
    client.on('error', () => undefined)
    const socket = socketOf(client)
    socket.on('timeout', () => {
      socket.destroy(new Error('PostgreSQL does not answer.'))
      // Where the way there has gone dead, it has for all: to find that out of each in its turn would take as many times as long.
      for (const other of idle) {
        socketOf(other).destroy()
        // The pool would hear of it only after the next call had been given this one.
        other.emit('error', new Error('PostgreSQL does not answer on another connection.'))
      }
    })
  })
  pool.on('acquire', (client) => {
    idle.delete(client)
    limitSilence(client, patient ? PATIENCE_MS_MAX : SILENCE_MS_MAX)
  })
  pool.on('release', (_, client) => {
    idle.add(client)
    limitSilence(client, 0)
  })
  pool.on('remove', (client) => void idle.delete(client))
  return pool
}

/** How long this connection, in use, may say nothing; 0 for as long as it likes. */
export function limitSilence(client: PoolClient, ms: number): void {
  socketOf(client).setTimeout(ms)
}

const socketOf = (client: PoolClient) => client.connection.stream as Socket

/** Numbers for PostgreSQL's bigint: all of ours are below 2^53. */
function readTypes(): TypeOverrides {
  const types = new TypeOverrides()
  types.setTypeParser(INT8, Number)
  return types
}

function withSettings(given: string, settings: typeof SETTINGS): string {
  const url = URL.parse(given)
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new Error('The address of PostgreSQL must be like postgres://user:password@host:5432/database.')
  }
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${String(value).replaceAll(' ', '\\ ')}`)
  const theirs = url.searchParams.get('options')
  url.searchParams.set('options', [...(theirs === null ? [] : [theirs]), ...ours].join(' '))
  if (!url.searchParams.has('application_name')) url.searchParams.set('application_name', 'plenary')
  return url.href
}
