import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { COMPILE_CACHE } from '../compile-cache.ts'
import { freePort } from '../engines/ports.ts'
import { startProcess } from '../engines/process.ts'
import type { Program } from './part.ts'

const MAIN = join(import.meta.dirname, '../../packages/server/src/main.ts')
const LOOPBACK = '127.0.0.1'
/** A node gives itself thirty seconds. */
const STOP_MS_MAX = 35_000

export interface NodeOptions {
  name: string
  zone: string
  /** A folder of its own. */
  folder: string
  port: number
  /** What to run in place of this very version's server. */
  main?: string
  /** Of the engines, and all else that is not of this node alone. */
  settings: Readonly<Record<string, string>>
}

/** Starts a Plenary node; it takes work when this resolves. Throws with the end of its log. */
export async function startNode({
  name,
  zone,
  folder,
  port,
  main = MAIN,
  settings,
}: NodeOptions): Promise<Program & { readonly url: string }> {
  await mkdir(folder, { recursive: true })
  const url = `http://${LOOPBACK}:${port}`
  const env = {
    ...settings,
    PORT: String(port),
    HOST: LOOPBACK,
    PLENARY_DATA: join(folder, 'data'),
    NODE_NAME: name,
    ZONE: zone,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  }
  const start = () =>
    startProcess({
      name,
      command: process.execPath,
      args: [main],
      folder,
      env,
      stopMsMax: STOP_MS_MAX,
      ready: async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    })
  let running = await start()
  return {
    url,
    get pid() {
      return running.pid
    },
    stop: () => running.stop(),
    kill: () => running.kill(),
    pause: () => running.pause(),
    resume: () => running.resume(),
    async restart() {
      await running.stop()
      running = await start()
    },
  }
}

/** A loopback port for a node, chosen ahead because its address is known to others before it runs. */
export const nodePort = freePort

/** What a node says of itself at `/api/cluster`; null when it says nothing. */
export async function askNode(
  url: string,
): Promise<{ state: 'starting' | 'ready' | 'draining'; roles: string[] } | null> {
  try {
    const answer = await fetch(`${url}/api/cluster`, { signal: AbortSignal.timeout(2_000) })
    if (!answer.ok) return null
    const { state, roles } = (await answer.json()) as { state?: unknown; roles?: unknown }
    if (state !== 'starting' && state !== 'ready' && state !== 'draining') return null
    return { state, roles: Array.isArray(roles) ? roles.map(String) : [] }
  } catch {
    return null
  }
}
