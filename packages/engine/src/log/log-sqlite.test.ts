import { copyFile, mkdtemp, mkdtempDisposable, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CommandId, RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { encodeAppend } from './append-text.ts'
import { openSqliteLog } from './log-sqlite.ts'
import { logContract } from './log.contract.ts'
import type { RoomLog, StoredEntry } from './log.ts'
import { SqliteCore } from './sqlite-core.ts'

logContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-log-'))
  const file = join(folder, 'log.db')
  const logs: RoomLog[] = [await openSqliteLog({ file })]
  const [log] = logs
  if (log === undefined) throw new Error('There is no log.')
  return {
    log,
    async reopen() {
      await logs.at(-1)?.close()
      const again = await openSqliteLog({ file })
      logs.push(again)
      return again
    },
    async close() {
      await Promise.all(logs.map((each) => each.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
})

test('[R1] what has arrived and is not in its place yet is there after a crash', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-log-'))
  const file = join(folder.path, 'log.db')
  const core = new SqliteCore(file)
  core.acquire([{ shard: 'z/0', epoch: 1 }])
  const room = 'room-1' as RoomId
  const one = (after: number) => ({ room, after, entries: [entryAt(after + 1)], deadline: 7 })
  const append = (after: number) => ({
    shard: 'z/0',
    epoch: 1,
    text: encodeAppend({ shard: 'z/0', batch: [one(after)] }),
  })
  expect(core.append([append(0)])).toEqual([null])
  settle(core)
  expect(core.append([append(1)])).toEqual([null])
  // As a crash leaves it: the file and its journal, with nothing closed.
  const crashed = join(folder.path, 'crashed.db')
  await copyFile(file, crashed)
  await copyFile(`${file}-wal`, `${crashed}-wal`)
  const raw = new DatabaseSync(crashed)
  expect(raw.prepare('SELECT count(*) AS n FROM entry').get()).toEqual({ n: 1 })
  expect(raw.prepare('SELECT count(*) AS n FROM arrival').get()).toEqual({ n: 1 })
  raw.close()
  const again = new SqliteCore(crashed)
  expect(again.head(room)).toBe(2)
  expect(again.read(room, { after: 0, through: 9, limit: 9, reader: 'all' })).toEqual([entryAt(1), entryAt(2)])
  expect(again.deadlines('z/0')).toEqual([{ room, at: 7 }])
  again.close()
  core.close()
})

function settle(core: SqliteCore): void {
  for (core.begin(); core.settling;) core.slice()
}

function entryAt(seq: number): StoredEntry {
  return { seq, id: `id-${seq}` as CommandId, at: seq, sees: 'everyone', about: null, json: `{"seq":${seq}}` }
}

test('a file that is no log, or of a newer version, is refused with one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-log-'))
  try {
    const garbage = join(folder, 'garbage.db')
    await writeFile(garbage, 'this is not a database, whatever its name says. '.repeat(50))
    await expect(openSqliteLog({ file: garbage })).rejects.toThrow(/not a database/)
    const newer = join(folder, 'newer.db')
    const db = new DatabaseSync(newer)
    db.exec('PRAGMA user_version = 99')
    db.close()
    await expect(openSqliteLog({ file: newer })).rejects.toThrow(/newer Plenary/)
    await expect(openSqliteLog({ file: join(folder, 'no', 'such', 'folder', 'log.db') })).rejects.toThrow(/open/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
