import type { CommandId, Millis, RoomId, Seq } from '@plenary/kinds'
import pg from 'pg'
import { eventually } from '../../scripts/cluster/running.ts'
import type { FaultCluster } from './fault-cluster.ts'

const CAUGHT_UP_MS_MAX = 90_000
/** The schema in which the engine keeps the log. */
const SCHEMA = 'plenary_log'

/** An entry as it lies in PostgreSQL. */
export interface KeptEntry {
  seq: Seq
  /** When it was decided, by its owner's clock. */
  at: Millis
  id: CommandId
  type: string
  /** Of a chat's post. */
  text: string | null
}

/** The last place of a room that PostgreSQL has; 0 for none. */
export async function keptHead(cluster: FaultCluster, room: RoomId): Promise<Seq> {
  return await asked(cluster, (client) => headOf(client, room))
}

/** All of a room as PostgreSQL has it, ascending, once it has everything up to `through`. Throws when that takes too long. */
export async function keptEntries(cluster: FaultCluster, room: RoomId, through: Seq): Promise<KeptEntry[]> {
  return await asked(cluster, async (client) => {
    await eventually(`PostgreSQL with ${room} up to ${through}`, CAUGHT_UP_MS_MAX, async () => {
      return (await headOf(client, room)) >= through
    })
    const { rows } = await client.query<{ seq: string; id: string; json: string }>(
      `SELECT e.seq, e.id, e.json FROM ${SCHEMA}.entry e JOIN ${SCHEMA}.room r ON r.num = e.room WHERE r.id = $1 ORDER BY e.seq, e.at`,
      [room],
    )
    return rows.map(({ seq, id, json }) => {
      const { at, type, body } = JSON.parse(json) as { at: Millis; type: string; body?: { text?: unknown } | null }
      const text = body?.text
      return { seq: Number(seq), at, id: id as CommandId, type, text: typeof text === 'string' ? text : null }
    })
  })
}

/** How many places of the log are not the one after the one before: a gap, or a place that is taken twice. */
export function notDense(entries: readonly Pick<KeptEntry, 'seq'>[]): number {
  return entries.filter(({ seq }, at) => seq !== at + 1).length
}

async function headOf(client: pg.Client, room: RoomId): Promise<Seq> {
  const { rows } = await client.query<{ head: string }>(`SELECT head FROM ${SCHEMA}.room WHERE id = $1`, [room])
  return Number(rows[0]?.head ?? 0)
}

async function asked<T>(cluster: FaultCluster, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await cluster.postgresUrl() })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}
