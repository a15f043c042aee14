import { PlenaryError } from '@plenary/kinds'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Runtime } from '../runtime/runtime.ts'
import type { ProvisionedNode, Provisioner } from './provisioner.ts'

/** Where a node is to run. */
export interface NodePlace {
  node: string
  zone: string
  /** Free on the loopback address a moment ago. */
  port: number
  /** For its data; gone when it has ended. */
  folder: string
}

export interface ProcessesOptions {
  /** The program that runs a node, and its arguments. */
  command: readonly [string, ...string[]]
  /** What stands in a node's environment beside or instead of this process's own; undefined takes something out. */
  settings(place: NodePlace): Readonly<Record<string, string | undefined>>
  /** Asked until it answers true; what it throws means not yet. */
  ready(place: NodePlace): Promise<boolean>
  /** What the names of its nodes begin with, unlike those of any other provisioner. */
  namePrefix: string
  /** For the nodes' folders. */
  folder: string
  runtime: Runtime
  logger: Logger
  startMsMax?: number
  /** How long a node may take to drain before it is ended by force. */
  stopMsMax?: number
  /** Where the nodes write to; to where this process does, if not given. */
  output?: 'inherit' | 'ignore'
}

const START_MS_MAX = 30_000
const STOP_MS_MAX = 35_000
const ASK_MS = 100
/** What a guard gets beyond its program's time. */
const GUARD_EXTRA_MS = 2_000
const LOOPBACK = '127.0.0.1'
const GUARD = fileURLToPath(new URL('guard.ts', import.meta.url))

interface Care {
  place: NodePlace
  state: ProvisionedNode['state']
  guard: ChildProcess
  ended: Promise<void>
}

/**
 * Nodes as children of this process, on this machine. They are drained and end with it: on `close`, and even when it is killed, because
 * each has a guard that notices.
 */
export function processesProvisioner(options: ProcessesOptions): Provisioner {
  const { runtime, logger, startMsMax = START_MS_MAX, stopMsMax = STOP_MS_MAX } = options
  const nodes = new Map<string, Care>()
  let closed = false

  function run(place: NodePlace): Care {
    const guard = spawn(process.execPath, [GUARD, String(stopMsMax), ...options.command], {
      env: { ...process.env, ...options.settings(place) },
      stdio: ['pipe', options.output ?? 'inherit', options.output ?? 'inherit'],
      // A group of its own: a Ctrl+C at the terminal is for this process, which then has its nodes drain.
      detached: true,
    })
    // A pipe to a guard that has just ended.
    guard.stdin?.on('error', (error) => logger.debug({ err: error, node: place.node }, 'a guard is gone'))
    const care: Care = { place, state: 'starting', guard, ended: Promise.resolve() }
    care.ended = untilEnded(care)
    return care
  }

  async function untilEnded({ place, guard }: Care): Promise<void> {
    try {
      const [code, signal] = (await once(guard, 'exit')) as [number | null, string | null]
      const expected = nodes.get(place.node)?.state === 'ending'
      logger[expected ? 'info' : 'warn'](
        { node: place.node, zone: place.zone, code, signal },
        'a node of ours has ended',
      )
    } catch (error) {
      logger.error({ err: error, node: place.node }, 'the guard of a node could not be started')
    }
    nodes.delete(place.node)
    await rm(place.folder, { recursive: true, force: true }).catch((error: unknown) => {
      logger.warn({ err: error, folder: place.folder }, 'the folder of a node could not be removed')
    })
  }

  function end(care: Care): void {
    if (care.state === 'ending') return
    care.state = 'ending'
    care.guard.stdin?.end()
    const late = runtime.after(stopMsMax + GUARD_EXTRA_MS, () => killGroup(care.guard))
    void care.ended.finally(() => late.cancel())
  }

  async function untilReady({ place }: Care): Promise<void> {
    const deadline = runtime.monotonic() + startMsMax
    for (;;) {
      if (nodes.get(place.node)?.state !== 'starting') throw unavailable('A new node ended before it was ready.')
      if (await options.ready(place).catch(() => false)) return
      if (runtime.monotonic() > deadline) throw unavailable('A new node was not ready in time.')
      await new Promise<void>((resolve) => runtime.after(ASK_MS, resolve))
    }
  }

  return {
    async list() {
      return [...nodes.values()].map(({ place, state }) => ({ node: place.node, zone: place.zone, state }))
    },

    async up(zone) {
      const node = `${options.namePrefix}-${runtime.uuid().slice(-8)}`
      const place: NodePlace = { node, zone, port: await freePort(), folder: join(options.folder, node) }
      await mkdir(place.folder, { recursive: true })
      if (closed) throw unavailable('No nodes are started any more.')
      const care = run(place)
      nodes.set(node, care)
      try {
        await untilReady(care)
        if (care.state === 'starting') care.state = 'up'
      } catch (error) {
        end(care)
        throw error
      }
    },

    async down(node) {
      const care = nodes.get(node)
      if (care === undefined) throw new PlenaryError('not_found', `This process has no node ${node}.`)
      end(care)
    },

    async close() {
      closed = true
      const all = [...nodes.values()]
      for (const care of all) end(care)
      await Promise.all(all.map((care) => care.ended))
    },
  }
}

const unavailable = (message: string) => new PlenaryError('unavailable', message)

/** The guard and its program with it. */
function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
  return address.port
}
