import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../store/store.ts'
import { databaseBlobs } from './blobs-database.ts'
import { folderBlobs } from './blobs-folder.ts'
import { blobsContract } from './blobs.contract.ts'

const folder = () => mkdtemp(join(tmpdir(), 'plenary-blobs-'))

describe('in a folder', () => {
  blobsContract(async () => {
    const place = await folder()
    return {
      blobs: async () => folderBlobs(place),
      [Symbol.asyncDispose]: () => rm(place, { recursive: true }),
    }
  })

  test('nothing but a hash is looked for', async () => {
    const blobs = folderBlobs('/nowhere')
    for (const hash of ['../../etc/passwd', '', 'x'.repeat(44)]) await expect(blobs.get(hash)).rejects.toThrow('hash')
  })

  test('nothing half-written is left', async () => {
    const place = await folder()
    const blobs = folderBlobs(place)
    const hash = 'A'.repeat(43)
    await blobs.put(hash, new Uint8Array([1]))
    expect(await readdir(join(place, 'AA'))).toEqual([hash])
    await rm(place, { recursive: true })
  })
})

describe('in SQLite', () => {
  blobsContract(async () => {
    const store = await openStore(':memory:')
    return { blobs: async () => databaseBlobs(store), [Symbol.asyncDispose]: () => store.destroy() }
  })
})
