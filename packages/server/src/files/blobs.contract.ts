import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Blobs } from './blobs.ts'

/** Registers what every store of bytes is held to. `open` gives a place and a way to open it as often as one likes. */
export function blobsContract(open: () => Promise<AsyncDisposable & { blobs(): Promise<Blobs> }>): void {
  const some = (bytes = randomBytes(70_000)) => ({
    bytes,
    hash: createHash('sha256').update(bytes).digest('base64url'),
  })

  test('what was put is there, also for whoever opens it later', async () => {
    await using place = await open()
    const { bytes, hash } = some()
    await (await place.blobs()).put(hash, bytes)
    expect(Buffer.from((await (await place.blobs()).get(hash)) ?? [])).toEqual(bytes)
  })

  test('what was never put is not there', async () => {
    await using place = await open()
    expect(await (await place.blobs()).get(some().hash)).toBeNull()
  })

  test('the same put twice, even at once, is there once and whole', async () => {
    await using place = await open()
    const blobs = await place.blobs()
    const { bytes, hash } = some(Buffer.alloc(0))
    await Promise.all([blobs.put(hash, bytes), blobs.put(hash, bytes), blobs.put(hash, bytes)])
    expect(await blobs.get(hash)).toHaveLength(0)
  })
}
