import type { RoomId } from '@plenary/kinds'
import type { Database, Statement } from '../postgres/database.ts'
import { Fenced } from './log.ts'
import type { Snapshot } from './log.ts'
import type { AppendVerdict } from './postgres-append.ts'

export const EPOCH: Statement = { name: 'epoch', text: 'SELECT epoch FROM shard WHERE id = $1' }
/** Waits for an append in flight, which holds the row. */
export const ACQUIRE: Statement = {
  name: 'acquire',
  text: `
    INSERT INTO shard (id, epoch) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch WHERE excluded.epoch > shard.epoch RETURNING epoch`,
}
const SNAPSHOT: Statement = {
  name: 'snapshot',
  text: `
    WITH fence AS MATERIALIZED (
      SELECT id FROM shard WHERE id = $1 AND epoch = $2 FOR SHARE
    ), found AS MATERIALIZED (
      SELECT r.num FROM fence CROSS JOIN room r WHERE r.id = $3 AND r.shard = $1 AND r.head >= $4
    ), kept AS (
      INSERT INTO snapshot (room, seq, version, state) SELECT num, $4, $5, $6 FROM found
      ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, version = excluded.version, state = excluded.state
      WHERE excluded.seq >= snapshot.seq
    )
    SELECT EXISTS (SELECT FROM fence) AS mine, EXISTS (SELECT FROM found) AS fits`,
}
export const DEADLINES: Statement = {
  name: 'deadlines',
  text: 'SELECT id AS room, deadline AS at FROM room WHERE shard = $1 AND deadline IS NOT NULL',
}

/** Throws `Fenced` when the epoch is not the shard's, and an error when the snapshot is of more than the log has. */
export async function writeSnapshot(
  database: Database,
  shard: string,
  epoch: number,
  room: RoomId,
  { seq, version, state }: Snapshot,
): Promise<void> {
  const [verdict] = await database.query<AppendVerdict>(SNAPSHOT, [shard, epoch, room, seq, version, state])
  if (verdict?.mine !== true) throw new Fenced(shard, epoch)
  if (!verdict.fits) throw new Error('A snapshot lies past the log.')
}
