import { copyFile, mkdtempDisposable, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CommandId, RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { encodeAppend } from './append-text.ts'
import type { RoomAppend, StoredEntry } from './log.ts'
import { SqliteCore } from './sqlite-core.ts'
import { openTables } from './sqlite-tables.ts'

const SHARD = 'z/0'
const ROOMS = ['room-1', 'room-2', 'room-3'] as RoomId[]
const ENTRIES = 60

/** Every other one is about the one before it. */
function entryAt(seq: number): StoredEntry {
  const about = seq % 2 === 0 ? seq - 1 : null
  const json = `{"seq":${seq},"text":"${'é'.repeat(40)}"}`
  return { seq, id: `id-${seq}` as CommandId, at: seq * 10, sees: seq % 3 === 0 ? 'staff' : 'everyone', about, json }
}

const entries = (count: number) => Array.from({ length: count }, (_, at) => entryAt(at + 1))
const partOf = (room: RoomId, after: number, count: number): RoomAppend => ({
  room,
  after,
  entries: entries(after + count).slice(after),
  deadline: 7,
})

/** Room by room, the last of it still where it arrived. */
function fill(file: string): void {
  const core = new SqliteCore(file)
  core.acquire([{ shard: SHARD, epoch: 1 }])
  const append = (after: number, count: number) => {
    const batch = ROOMS.map((room) => partOf(room, after, count))
    expect(core.append([{ shard: SHARD, epoch: 1, text: encodeAppend({ shard: SHARD, batch }) }])).toEqual([null])
  }
  append(0, ENTRIES - 1)
  core.snapshot(SHARD, 1, ROOMS[0] ?? ('' as RoomId), { seq: 5, version: 1, state: '{}' })
  core.close()
}

/** As version 4 had its tables, and those before it. */
function turnBack(file: string, version: 1 | 2 | 3 | 4): void {
  const db = new DatabaseSync(file)
  db.exec(`
    ALTER TABLE entry RENAME TO newer;
    DROP INDEX entry_about;
    CREATE TABLE entry (
      room INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, sees TEXT NOT NULL, about INTEGER,
      json TEXT NOT NULL, PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_about ON entry (room, about) WHERE about IS NOT NULL;
    INSERT INTO entry SELECT place / 4294967296, place % 4294967296, id, at, sees, about, json FROM newer;
    DROP TABLE newer;
  `)
  if (version < 4) db.exec(`DROP TABLE command; CREATE INDEX entry_command ON entry (room, id)`)
  if (version === 1) db.exec('DROP TABLE arrival')
  db.exec(`PRAGMA user_version = ${version}`)
  // What had arrived, in the form of its version.
  const last = ROOMS.map((room) => partOf(room, ENTRIES - 1, 1))
  const asList = JSON.stringify(last.map((each) => ({ ...each, shard: SHARD })))
  const text = version === 2 ? asList : encodeAppend({ shard: SHARD, batch: last })
  if (version > 1) db.prepare('INSERT INTO arrival (appends) VALUES (?)').run(text)
  db.close()
}

function check(core: SqliteCore, count = ENTRIES): void {
  const all = { after: 0, through: Number.MAX_SAFE_INTEGER, limit: 1e9, reader: 'all' } as const
  const wanted = entries(count)
  for (const room of ROOMS) {
    expect(core.head(room)).toBe(count)
    expect(core.read(room, all)).toEqual(wanted)
    expect(core.read(room, { ...all, limit: 3, newestFirst: true })).toEqual(wanted.slice(-3))
    expect(core.read(room, { ...all, after: 5, through: 9, reader: { audience: 'everyone', user: null } })).toEqual(
      wanted.slice(5, 9).filter(({ sees }) => sees === 'everyone'),
    )
    expect(core.amendments(room, { subjects: [1, 2, 31], after: 0, limit: 9, reader: 'all' })).toEqual([
      entryAt(2),
      entryAt(32),
    ])
    expect(core.ids(room, 2).map(({ seq }) => seq)).toEqual([count - 1, count])
    expect(core.seqAt(room, 305)).toBe(30)
    expect(wanted.map(({ id }) => core.find(room, id))).toEqual(wanted.map(({ seq }) => seq))
  }
  expect(core.load(ROOMS[0] ?? ('' as RoomId)).entries).toEqual(wanted.slice(5))
  expect(core.deadlines(SHARD)).toHaveLength(ROOMS.length)
}

const versionOf = (file: string) => {
  const db = new DatabaseSync(file)
  const version = db.prepare('PRAGMA user_version').get()?.['user_version']
  db.close()
  return version
}

for (const version of [1, 2, 3, 4] as const) {
  test(`[R1] a file of version ${version} is brought to the present one with all that it has`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-tables-'))
    const file = join(folder.path, 'log.db')
    fill(file)
    turnBack(file, version)
    const count = version === 1 ? ENTRIES - 1 : ENTRIES
    const core = new SqliteCore(file)
    check(core, count)
    const batch = ROOMS.map((room) => partOf(room, count, 1))
    expect(core.append([{ shard: SHARD, epoch: 1, text: encodeAppend({ shard: SHARD, batch }) }])).toEqual([null])
    check(core, count + 1)
    core.close()
    const again = new SqliteCore(file)
    check(again, count + 1)
    again.close()
  })
}

test('[R1] a file that is cut off anywhere while it is brought over is whole, of the one version or of the other', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-tables-'))
  const file = join(folder.path, 'log.db')
  fill(file)
  turnBack(file, 4)
  // The journal of exactly that, and the file as it was.
  const before = join(folder.path, 'before.db')
  await copyFile(file, before)
  const db = openTables(file)
  const journal = join(folder.path, 'journal')
  await copyFile(`${file}-wal`, journal)
  db.close()
  const { size } = await stat(journal)
  const versions = new Set<unknown>()
  const cuts = Array.from({ length: 12 }, (_, at) => Math.round((size * at) / 12))
  for (const [at, kept] of [...cuts, size - 1, size].entries()) {
    const cut = join(folder.path, `cut-${at}.db`)
    await copyFile(before, cut)
    await copyFile(journal, `${cut}-wal`)
    await truncate(`${cut}-wal`, kept)
    versions.add(versionOf(cut))
    const core = new SqliteCore(cut)
    check(core)
    core.close()
  }
  expect(versions).toEqual(new Set([4, 5]))
})

test('[R1] a file that cannot be brought over stays as it was, and is brought over when it can', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-tables-'))
  const file = join(folder.path, 'log.db')
  fill(file)
  turnBack(file, 4)
  const raw = new DatabaseSync(file)
  // Stands for a full disk: half-way through, a row cannot be written.
  raw.exec(
    `INSERT INTO entry SELECT room, seq + 4294967296, id, at, sees, about, json FROM entry WHERE room = 2 AND seq = 1`,
  )
  raw.close()
  expect(() => new SqliteCore(file)).toThrow(/UNIQUE/)
  expect(versionOf(file)).toBe(4)
  const freed = new DatabaseSync(file)
  freed.exec('DELETE FROM entry WHERE seq > 4294967295')
  expect(freed.prepare('SELECT count(*) AS n FROM entry').get()).toEqual({ n: ROOMS.length * (ENTRIES - 1) })
  freed.close()
  const core = new SqliteCore(file)
  check(core)
  core.close()
})
