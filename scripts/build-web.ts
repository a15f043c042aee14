import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
  fileURLToPath(import.meta.url),
]
/** Written last, so that a build that was cut off counts as none. */
const STAMP = join(dist, '.built')

/** Builds the web app if it was not built from the sources as they are now. Throws with the builder's own words if that fails. */
export async function buildWeb(progress: NodeJS.WritableStream = process.stderr): Promise<void> {
  if ((await stampMs(STAMP)) > (await newestMs(SOURCES))) return
  const began = new Date()
  progress.write('Building the web app … ')
  try {
    await runVite()
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
    // Always the app that people get: asked for by a test, it would otherwise be one for development, and be kept.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The web app could not be built.\n${output}`)
}
