import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { RoomId } from '@plenary/kinds'
import { KEY_BYTES } from './keys.ts'
import type { RoomKeys } from './keys.ts'

/**
 * Keys in a file of their own. Deleted content is overwritten with zeros (`secure_delete`), and the journal that held the page before
 * is deleted with the end of the transaction, so that no file has a key that was destroyed. Rarely used, so it runs on the main thread.
 */
export function openSqliteKeys(options: { file: string }): RoomKeys {
  const db = new DatabaseSync(options.file)
  db.exec(`
    PRAGMA secure_delete = ON;
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    PRAGMA temp_store = MEMORY;
    CREATE TABLE IF NOT EXISTS room_key (
      room TEXT NOT NULL, scope TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (room, scope)
    ) WITHOUT ROWID, STRICT;
  `)
  const insert = db.prepare('INSERT INTO room_key VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const select = db.prepare('SELECT scope, key FROM room_key WHERE room = ?')
  const remove = db.prepare('DELETE FROM room_key WHERE room = ? AND scope = ?')
  const rooms = db.prepare('SELECT DISTINCT room FROM room_key')

  const of = (room: RoomId) =>
    new Map(select.all(room).map(({ scope, key }) => [scope as string, new Uint8Array(key as Uint8Array)]))

  return {
    async make(room, scope) {
      insert.run(room, scope, randomBytes(KEY_BYTES))
      const key = of(room).get(scope)
      if (key === undefined) throw new Error('A key that was made is not there.')
      return key
    },
    of: async (room) => of(room),
    rooms: async () => rooms.all().map(({ room }) => room as RoomId),
    async destroy(room, scopes) {
      for (const scope of scopes) remove.run(room, scope)
    },
    async close() {
      db.close()
    },
  }
}
