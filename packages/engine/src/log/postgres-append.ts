import type { Statement } from '../postgres/database.ts'
import type { RoomAppend } from './log.ts'

/**
 * The fence and the append in one statement. What it rests on, in PostgreSQL's `READ COMMITTED`:
 * - `fence` takes a share lock on the shard's row and reads it as it is *after* any wait: who raises the epoch waits for this append
 *   or this append sees the raised epoch, and there is no third case (R4).
 * - `held` locks each room's row and reads its newest head in the same way; it comes after the fence, because it is joined to it.
 * - `verdict` is read by every part that writes. A no anywhere is a no to everything.
 * - A room that is made by two at once breaks its unique id, which undoes the statement.
 * - An entry whose room did not move finds no number for it; the column takes no null, which undoes the statement.
 */
const APPEND: Statement = {
  name: 'append',
  text: `
    WITH fence AS MATERIALIZED (
      SELECT id FROM shard WHERE id = $1 AND epoch = $2 FOR SHARE
    ), wanted AS MATERIALIZED (
      SELECT * FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
        WITH ORDINALITY AS w (id, after, head, deadline, first_at, last_at, place)
    ), held AS MATERIALIZED (
      SELECT r.num, r.head, r.shard, w.after, w.place
      FROM fence CROSS JOIN wanted w JOIN room r ON r.id = w.id FOR UPDATE OF r
    ), verdict AS MATERIALIZED (
      SELECT (SELECT count(*) FROM fence) = 1 AS mine,
        NOT EXISTS (SELECT FROM held WHERE head <> after OR shard <> $1)
          AND NOT EXISTS (SELECT FROM wanted w WHERE after <> 0 AND NOT EXISTS (SELECT FROM held h WHERE h.place = w.place)) AS fits
    ), moved AS (
      UPDATE room r
      SET head = w.head, deadline = w.deadline, first_at = least(r.first_at, w.first_at), last_at = greatest(r.last_at, w.last_at)
      FROM verdict v, held h JOIN wanted w ON w.place = h.place
      WHERE v.mine AND v.fits AND r.num = h.num
      RETURNING r.num, h.place
    ), made AS (
      INSERT INTO room (id, shard, head, deadline, first_at, last_at)
      SELECT w.id, $1, w.head, w.deadline, w.first_at, w.last_at
      FROM verdict v, wanted w
      WHERE v.mine AND v.fits AND NOT EXISTS (SELECT FROM held h WHERE h.place = w.place)
      RETURNING num, id
    ), numbered AS MATERIALIZED (
      SELECT num, place FROM moved UNION ALL SELECT m.num, w.place FROM made m JOIN wanted w ON w.id = m.id
    ), written AS (
      INSERT INTO entry (room, seq, at, id, sees, about, json)
      SELECT n.num, e.seq, e.at, e.id, e.sees, e.about, e.json
      FROM unnest($9::int[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::bigint[], $15::text[])
        AS e (place, seq, at, id, sees, about, json)
      CROSS JOIN verdict v LEFT JOIN numbered n ON n.place = e.place
      WHERE v.mine AND v.fits
    )
    SELECT mine, fits FROM verdict`,
}

/**
 * The same for one room that is there already, as nearly every append is: a fifth of the parts, so that planning it does not take longer
 * than carrying it out. The fence's lock is held before the room is written, because its row is joined to it; where the room's row
 * has moved on meanwhile, PostgreSQL looks at its newest head once more before it updates it, and then nothing is written.
 */
const APPEND_TO_ONE: Statement = {
  name: 'append_to_one',
  text: `
    WITH fence AS MATERIALIZED (
      SELECT id FROM shard WHERE id = $1 AND epoch = $2 FOR SHARE
    ), moved AS (
      UPDATE room r
      SET head = $5, deadline = $6, first_at = least(r.first_at, $7), last_at = greatest(r.last_at, $8)
      FROM fence
      WHERE r.id = $3 AND r.head = $4 AND r.shard = fence.id
      RETURNING r.num
    ), written AS (
      INSERT INTO entry (room, seq, at, id, sees, about, json)
      SELECT m.num, e.seq, e.at, e.id, e.sees, e.about, e.json
      FROM moved m CROSS JOIN unnest($9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::text[])
        AS e (seq, at, id, sees, about, json)
    )
    SELECT EXISTS (SELECT FROM fence) AS mine, EXISTS (SELECT FROM moved) AS fits`,
}

/** What the statement answers: whether the epoch is the shard's, and whether every room stood where the append goes on. */
export interface AppendVerdict {
  mine: boolean
  fits: boolean
}

/** The statement that carries this append out, and its parameters. Throws when a room's entries do not follow on from its head one by one, or a room comes twice. */
export function appendStatement(
  shard: string,
  epoch: number,
  batch: readonly RoomAppend[],
): { statement: Statement; values: unknown[] } {
  const [first, ...others] = batch
  return first !== undefined && others.length === 0 && first.after > 0
    ? { statement: APPEND_TO_ONE, values: valuesOfOne(shard, epoch, first) }
    : { statement: APPEND, values: valuesOfAll(shard, epoch, batch) }
}

function valuesOfOne(shard: string, epoch: number, append: RoomAppend): unknown[] {
  const { room, after, deadline, entries } = append
  assertDense(append)
  const [least, most] = timesOf(append)
  return [
    shard,
    epoch,
    room,
    after,
    after + entries.length,
    deadline,
    least,
    most,
    entries.map(({ seq }) => seq),
    entries.map(({ at }) => at),
    entries.map(({ id }) => id),
    entries.map(({ sees }) => sees),
    entries.map(({ about }) => about),
    entries.map(({ json }) => json),
  ]
}

function assertDense({ room, after, entries }: RoomAppend): void {
  const astray = entries.find(({ seq }, at) => seq !== after + at + 1)
  if (astray === undefined) return
  throw new Error(`Entry ${astray.seq} of room ${room} is not where it belongs after ${after}.`)
}

/** A room without entries has no time yet: the first that it gets counts. */
function timesOf({ entries }: RoomAppend): [least: number, most: number] {
  let [least, most] = [Number.MAX_SAFE_INTEGER, 0]
  for (const { at } of entries) [least, most] = [Math.min(least, at), Math.max(most, at)]
  return [least, most]
}

function valuesOfAll(shard: string, epoch: number, batch: readonly RoomAppend[]): unknown[] {
  if (new Set(batch.map(({ room }) => room)).size < batch.length) throw new Error('A batch names a room twice.')
  const entries = batch.flatMap((append, at) => append.entries.map((entry) => ({ entry, place: at + 1 })))
  for (const append of batch) assertDense(append)
  const ofRooms = <T>(read: (append: RoomAppend) => T) => batch.map(read)
  const ofEntries = <T>(read: (entry: RoomAppend['entries'][number]) => T) => entries.map(({ entry }) => read(entry))
  const times = ofRooms(timesOf)
  return [
    shard,
    epoch,
    ofRooms(({ room }) => room),
    ofRooms(({ after }) => after),
    ofRooms(({ after, entries: own }) => after + own.length),
    ofRooms(({ deadline }) => deadline),
    times.map(([least]) => least),
    times.map(([, most]) => most),
    entries.map(({ place }) => place),
    ofEntries(({ seq }) => seq),
    ofEntries(({ at }) => at),
    ofEntries(({ id }) => id),
    ofEntries(({ sees }) => sees),
    ofEntries(({ about }) => about),
    ofEntries(({ json }) => json),
  ]
}
