import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { newestMs, stampMs } from './newest.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = join(root, 'packages/web')
const dist = join(web, 'dist')
/** What the web app is made from. */
const SOURCES = [
  web,
  join(root, 'packages/client/src'),
  join(root, 'packages/kinds/src'),
  join(root, 'package-lock.json'),
]
/** Written last, so that a build that was cut off counts as none. */
const STAMP = join(dist, '.built')
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest'])
/** Below this, compressing saves no packet. */
const COMPRESS_BYTES_MIN = 1024
const BROTLI_QUALITY = 9

/** Builds the web app if it was not built from the sources as they are now. Throws with the builder's own words if that fails. */
export async function buildWeb(progress: NodeJS.WritableStream = process.stderr): Promise<void> {
  if ((await stampMs(STAMP)) > (await newestMs(SOURCES))) return
  const began = new Date()
  progress.write('Building the web app … ')
  try {
    await runVite()
    await compressFiles(dist)
    // A source that changed during the build is newer than this.
    await writeFile(STAMP, '')
    await utimes(STAMP, began, began)
  } finally {
    progress.write(`${((Date.now() - began.getTime()) / 1000).toFixed(1)} s\n`)
  }
}

/** In a process of its own, so that its memory goes with it. */
async function runVite(): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: web,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The web app could not be built.\n${output}`)
}

async function compressFiles(folder: string): Promise<void> {
  const [br, gz] = [promisify(brotliCompress), promisify(gzip)]
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !COMPRESSED.has(extname(path))) continue
    const content = await readFile(path)
    if (content.length < COMPRESS_BYTES_MIN) continue
    await Promise.all([writeFile(`${path}.br`, await br(content, quality)), writeFile(`${path}.gz`, await gz(content))])
  }
}
