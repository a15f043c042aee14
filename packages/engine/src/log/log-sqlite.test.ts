import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openSqliteLog } from './log-sqlite.ts'
import { logContract } from './log.contract.ts'
import type { RoomLog } from './log.ts'

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
