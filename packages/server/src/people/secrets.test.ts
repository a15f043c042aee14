import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSecrets } from './secrets.ts'
import { createTickets } from './tickets.ts'
import type { UserId } from '@plenary/kinds'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenary-'))
  file = join(folder, 'secrets.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('secrets are made once, for their owner only, and passes outlive a restart', async () => {
  const holder = { user: 'ada' as UserId, name: 'Ada', joined: [] }
  const first = await loadSecrets(file)
  const pass = await createTickets(first, Date.now).signPass(holder)
  const second = await loadSecrets(file)
  expect(second.auth).toBe(first.auth)
  expect(await createTickets(second, Date.now).readPass(pass)).toEqual(holder)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['secrets.json'])
})

test('two installations have nothing in common', async () => {
  const other = join(folder, 'other.json')
  expect((await loadSecrets(file)).auth).not.toBe((await loadSecrets(other)).auth)
})

test('secrets that others may read are not used', async () => {
  await loadSecrets(file)
  await chmod(file, 0o640)
  await expect(loadSecrets(file)).rejects.toMatchObject({
    name: 'StartError',
    message: `The secrets in ${file} are open to other users of this machine. Close them: chmod 600 ${file}`,
  })
})

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['another form', '{"auth":"x"}'],
  [
    'a key that is none',
    JSON.stringify({ signing: { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }, auth: 'x'.repeat(43) }),
  ],
])('a secrets file with %s in it is told in one line that shows none of it', async (_what, text) => {
  await writeFile(file, text, { mode: 0o600 })
  const message = `The secrets in ${file} are damaged. Restore the file from a backup; without it all passes are void.`
  await expect(loadSecrets(file)).rejects.toMatchObject({ name: 'StartError', message })
  expect(await readFile(file, 'utf8')).toBe(text)
})
