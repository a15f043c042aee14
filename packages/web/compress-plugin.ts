import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotliAsync = promisify(brotliCompress)
const gzipAsync = promisify(gzip)

/** What gains from it; pictures are compressed already. */
const TEXT = new Set(['.js', '.css', '.svg'])
/** Below it, the headers weigh more than what is saved. */
const LEAST_BYTES = 1_024

/** Lays `.br` and `.gz` beside each file, so that the server compresses nothing while it serves. */
export function compressPlugin(): Plugin {
  return {
    name: 'plenary-compress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue
        const path = join(entry.parentPath, entry.name)
        const content = await readFile(path)
        if (content.length < LEAST_BYTES) continue
        await writeFile(`${path}.br`, await brotliAsync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
        await writeFile(`${path}.gz`, await gzipAsync(content, { level: 9 }))
      }
    },
  }
}
