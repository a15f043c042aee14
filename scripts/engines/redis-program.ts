import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'
import type { RunningProcess } from './process.ts'

/** Where and how one program of Redis runs. */
export interface RedisOptions {
  /** Where its data and its log lie; a temporary folder, removed in the end, without one. */
  folder?: string
  port?: number
  password?: string
  /** Further lines of its configuration. */
  config?: readonly string[]
}

/** One program of Redis on loopback, which can be ended and started again on the same port and folder. */
export interface RedisEngine extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** -1 while it is down. */
  readonly pid: number
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGSTOP: it hangs, with its sockets open. */
  pause(): Promise<void>
  resume(): Promise<void>
  restart(): Promise<void>
  /** What it takes itself for; null for a sentinel, or when it says nothing. */
  role(): Promise<'primary' | 'replica' | null>
}

/** Of Debian's package, for Redis and its sentinels alike. */
export const REDIS_PROGRAM = 'redis-server'
export const LOOPBACK = '127.0.0.1'
const SETPRIV = '/usr/bin/setpriv'
const ANSWER_MS_MAX = 1_000

/** Starts Redis, or a sentinel, on lines of configuration; ready when it answers. */
export async function startRedisProgram(
  name: 'redis' | 'sentinel',
  config: readonly string[],
  args: readonly string[],
  options: RedisOptions,
): Promise<RedisEngine> {
  const folder = await ownFolder(options.folder)
  const port = options.port ?? (await freePort())
  const file = join(folder.path, `${name}.conf`)
  // A file, and not arguments, because sentinels write into it who follows whom, and a restart reads that again.
  await writeFile(file, [`port ${port}`, `bind ${LOOPBACK}`, `dir ${folder.path}`, ...config, ''].join('\n'))
  const start = () =>
    startProcess({
      name,
      ...boundToUs([REDIS_PROGRAM, file, ...args]),
      folder: folder.path,
      // One that asks for a password is up as well.
      ready: async () => /^(?:\+PONG|-NOAUTH)/.test(await ask(port, 'PING')),
    })
  let running: RunningProcess = await start()
  const { password } = options
  return {
    port,
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${LOOPBACK}:${port}`,
    get pid() {
      return running.running ? running.pid : -1
    },
    stop: () => running.stop(),
    kill: () => running.kill(),
    pause: () => running.pause(),
    resume: () => running.resume(),
    async restart() {
      await running.stop()
      running = await start()
    },
    async role() {
      const told = await ask(port, 'ROLE').catch(() => '')
      if (told.includes('\r\nmaster\r\n')) return 'primary'
      return told.includes('\r\nslave\r\n') ? 'replica' : null
    },
    async [Symbol.asyncDispose]() {
      await running.stop()
      await folder.remove()
    },
  }
}

/** Has the kernel end the program with this process, however that ends; a test runner may end its workers by force. */
function boundToUs([command = '', ...args]: string[]): { command: string; args: string[] } {
  return existsSync(SETPRIV) ? { command: SETPRIV, args: ['--pdeathsig', 'KILL', command, ...args] } : { command, args }
}

/** One command in the inline form, and Redis' answer as it came. */
export function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, LOOPBACK)
    let answer = ''
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('No answer in time.')))
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    // It answers what it was sent, and closes the connection after that.
    socket.end(`${command}\r\n`)
  })
}

/** The folder given, or a temporary one that `remove` takes away. */
export async function ownFolder(given: string | undefined): Promise<{ path: string; remove(): Promise<void> }> {
  if (given === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'plenary-redis-'))
    return { path, remove: () => rm(path, { recursive: true, force: true }) }
  }
  await mkdir(given, { recursive: true })
  return { path: given, remove: async () => {} }
}
