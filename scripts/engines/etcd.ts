import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOrInstall } from './apt.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'

const run = promisify(execFile)
const PROGRAMS = ['etcd', '/usr/bin/etcd']

export interface EtcdOptions {
  /** Where its data and its log lie; a temporary folder, removed in the end, without one. */
  folder?: string
  /** For clients and for peers; free ones, if not given. */
  ports?: readonly [client: number, peer: number]
}

/** A single etcd on loopback. */
export interface EtcdEngine extends AsyncDisposable {
  /** Where clients reach it. */
  readonly url: string
  readonly ports: readonly [client: number, peer: number]
  readonly pid: number
  readonly logFile: string
  readonly running: boolean
  /** In good order. */
  stop(): Promise<void>
  /** At once. */
  kill(): Promise<void>
  /** Stands still until `resume`, its connections open. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** On the same data and ports, whether it runs or not. */
  restart(): Promise<void>
}

/** The path of etcd, installed from Debian where missing; null, with one line that says why, when that cannot be done. */
export async function ensureEtcd(): Promise<string | null> {
  return await findOrInstall('etcd', ['etcd-server'], findProgram)
}

/** Starts it; it answers when this resolves. Throws with the end of its log. */
export async function startEtcd(options: EtcdOptions = {}): Promise<EtcdEngine> {
  const program = await findProgram()
  if (program === null) throw new Error('etcd is not installed.')
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-etcd-')))
  await mkdir(folder, { recursive: true })
  const ports = options.ports ?? ([await freePort(), await freePort()] as const)
  const [url, peer] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string]

  const start = () =>
    startProcess({
      name: 'etcd',
      command: program,
      args: [
        ...['--name', 'etcd', '--data-dir', join(folder, 'data'), '--log-level', 'warn'],
        ...['--listen-client-urls', url, '--advertise-client-urls', url],
        ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `etcd=${peer}`],
        // An hour of history is far more than a watch ever asks for again.
        ...['--auto-compaction-mode', 'periodic', '--auto-compaction-retention', '1h'],
      ],
      folder,
      ready: async () => {
        const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })
        return ((await answer.json()) as { health?: string }).health === 'true'
      },
    })
  let server = await start()

  return {
    url,
    ports,
    logFile: server.logFile,
    get pid() {
      return server.pid
    },
    get running() {
      return server.running
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async restart() {
      await server.stop()
      server = await start()
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function findProgram(): Promise<string | null> {
  for (const program of PROGRAMS) {
    try {
      await run(program, ['--version'])
      return program
    } catch {
      // Not here.
    }
  }
  return null
}
