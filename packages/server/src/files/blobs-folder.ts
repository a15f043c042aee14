import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobHash, Blobs } from './blobs.ts'

/** Files in a folder, for one process. */
export function folderBlobs(folder: string): Blobs {
  const fileOf = (hash: BlobHash) => {
    if (!/^[\w-]{43}$/.test(hash)) throw new Error('Not a hash.')
    return join(folder, hash.slice(0, 2), hash)
  }
  return {
    async put(hash, bytes) {
      const file = fileOf(hash)
      const place = dirname(file)
      await mkdir(place, { recursive: true, mode: 0o700 })
      const unfinished = `${file}.${randomUUID()}`
      try {
        // Whole or not at all, whenever the machine stops.
        await using handle = await open(unfinished, 'wx', 0o600)
        await handle.writeFile(bytes)
        await handle.sync()
        await rename(unfinished, file)
        await using parent = await open(place, 'r')
        await parent.sync()
      } catch (error) {
        await rm(unfinished, { force: true })
        throw error
      }
    },
    async get(hash) {
      try {
        return await readFile(fileOf(hash))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}
