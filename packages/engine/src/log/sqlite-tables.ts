import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { placeOf, ROOM } from './sqlite-place.ts'

/** Raised with every change of the tables; an older process refuses a newer file. */
const SCHEMA_VERSION = 5

/** Since version 2: entries in the order of their arrival, until they are put in their places. Since 3 in the form of `encodeAppend`. */
const ARRIVAL = 'CREATE TABLE arrival (num INTEGER PRIMARY KEY, appends TEXT NOT NULL) STRICT;'
/**
 * Since version 4, before that an index of the table `entry`. By the id first: ids that begin with the time, put here in the
 * order of their arrival, touch the last page for all rooms.
 */
const COMMAND = `CREATE TABLE command (id TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (id, room, seq)) STRICT, WITHOUT ROWID;`
/**
 * Since version 5 by one number, as `sqlite-place.ts` has it; before that by room and seq, without such a number, which takes longer to
 * find its place by.
 */
const ENTRY = `
  CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    sees TEXT NOT NULL,
    about INTEGER,
    json TEXT NOT NULL
  ) STRICT;`
const ENTRY_ABOUT = `CREATE INDEX entry_about ON entry (${ROOM}, about) WHERE about IS NOT NULL;`

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE shard (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT;
  CREATE TABLE room (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shard TEXT NOT NULL,
    head INTEGER NOT NULL,
    deadline INTEGER
  ) STRICT;
  CREATE INDEX room_deadline ON room (shard, deadline) WHERE deadline IS NOT NULL;
  ${ENTRY}
  ${ENTRY_ABOUT}
  CREATE TABLE snapshot (room INTEGER PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
  ${COMMAND}
  ${ARRIVAL}
`
/** What each version before this one lacks. */
const FROM_1 = ARRIVAL
const FROM_3 = `
  ${COMMAND}
  INSERT INTO command (id, room, seq) SELECT id, room, seq FROM entry ORDER BY id, room, seq;
  DROP INDEX entry_command;
`
const FROM_4 = `
  ALTER TABLE entry RENAME TO entry_before;
  DROP INDEX entry_about;
  ${ENTRY}
  INSERT INTO entry (place, id, at, sees, about, json)
    SELECT ${placeOf('room', 'seq')}, id, at, sees, about, json FROM entry_before ORDER BY room, seq;
  DROP TABLE entry_before;
  ${ENTRY_ABOUT}
`

/** A page that is written often is copied from the journal to the file once for many times: at 32 MiB. */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  PRAGMA cache_size = -16000;
  PRAGMA wal_autocheckpoint = 8000;
`

/** Opens the file, makes it durable at every commit, and brings its tables to this version. Throws one clear line. */
export function openTables(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  try {
    db.exec(PRAGMAS)
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version > SCHEMA_VERSION)
      throw new Error(`was written by a newer Plenary (tables ${version}, this knows ${SCHEMA_VERSION})`)
    if (version === 0) {
      db.exec('BEGIN IMMEDIATE')
      db.exec(TABLES)
      // A log's own id: a restore from a copy must delete this row, so that cursors from after the copy are reset.
      db.prepare(`INSERT INTO meta (key, value) VALUES ('log', ?)`).run(randomBytes(9).toString('base64url'))
      db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
    }
    if (version >= 1 && version < SCHEMA_VERSION) {
      const steps = (version < 2 ? FROM_1 : '') + (version < 4 ? FROM_3 : '') + FROM_4
      // In one transaction: the file is of the one version or of the other, and whole.
      db.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
