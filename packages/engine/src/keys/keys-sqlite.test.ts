import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openSqliteKeys } from './keys-sqlite.ts'
import { keysContract } from './keys.contract.ts'
import type { KeysPlace } from './keys.contract.ts'
import type { RoomKeys } from './keys.ts'

async function place(): Promise<KeysPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-keys-'))
  const opened: RoomKeys[] = []
  return {
    async open() {
      const keys = openSqliteKeys({ file: join(folder, 'keys.db') })
      opened.push(keys)
      return keys
    },
    bytes: async () =>
      Buffer.concat(await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file))))),
    async [Symbol.asyncDispose]() {
      for (const keys of opened) await keys.close()
      await rm(folder, { recursive: true })
    },
  }
}

keysContract('SQLite', place)

test('while it is there a key is found in the file: the search for what was destroyed can fail', async () => {
  await using at = await place()
  const key = Buffer.from(await (await at.open()).make('room-a' as RoomId, 'p1'))
  expect((await at.bytes()).includes(key)).toBe(true)
})
