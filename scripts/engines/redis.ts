import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOrInstall } from './apt.ts'
import { LOOPBACK, REDIS_PROGRAM, ask, ownFolder, startRedisProgram } from './redis-program.ts'
import type { RedisEngine, RedisOptions } from './redis-program.ts'

export type { RedisEngine }

export interface RedisSetOptions {
  folder?: string
  /** What the sentinels call the set. */
  name?: string
  /** Silence after which a sentinel takes a server to be down. */
  downAfterMs?: number
}

/** A primary, a replica and three sentinels. */
export interface RedisSet extends AsyncDisposable {
  readonly name: string
  readonly sentinels: readonly { host: string; port: number }[]
  /** `redis+sentinel://…`, as the product's settings take it. */
  readonly url: string
  readonly servers: readonly RedisEngine[]
  readonly sentinelEngines: readonly RedisEngine[]
  /** The one that the sentinels take for the primary now. */
  primary(): Promise<RedisEngine>
  /** Kills the primary, and gives it, to be started again. */
  killPrimary(): Promise<RedisEngine>
  /** Stops the primary in mid-work with its sockets open, and gives it, to be resumed. */
  pausePrimary(): Promise<RedisEngine>
  /** Resolves once the sentinels agree on a primary other than this, and it says so itself. */
  failedOver(from: RedisEngine): Promise<RedisEngine>
  /** Resolves once there are a primary and a replica that follows it, both seen by all sentinels. */
  whole(): Promise<void>
}

const SET_NAME = 'plenary'
const DOWN_AFTER_MS = 2_000
/** A failover that got stuck is tried again after twice this. */
const FAILOVER_MS = 3_000
/** Sentinels find each other through the primary, which they ask every two seconds. */
const WHOLE_MS_MAX = 20_000
const POLL_MS = 50
const SENTINELS = 3
const QUORUM = 2

/** The version of the Redis server, installed where it is missing; null, and a line that says why, where it cannot be had. */
export async function ensureRedis(): Promise<string | null> {
  return await findOrInstall('Redis', ['redis-server'], version)
}

export async function startRedis(options: RedisOptions = {}): Promise<RedisEngine> {
  const { password, config = [] } = options
  const secret = password === undefined ? [] : [`requirepass ${password}`, `masterauth ${password}`]
  const lines = ['save ""', 'appendonly no', 'repl-diskless-sync-delay 0', ...secret, ...config]
  return await startRedisProgram('redis', lines, [], options)
}

export async function startRedisSet(options: RedisSetOptions = {}): Promise<RedisSet> {
  const { name = SET_NAME, downAfterMs = DOWN_AFTER_MS } = options
  await using stack = new AsyncDisposableStack()
  const folder = await ownFolder(options.folder)
  stack.defer(() => folder.remove())
  const part = (called: string) => ({ folder: join(folder.path, called) })
  const first = stack.use(await startRedis(part('redis-1')))
  const second = stack.use(await startRedis({ ...part('redis-2'), config: [`replicaof ${LOOPBACK} ${first.port}`] }))
  const sentinels: RedisEngine[] = []
  for (let number = 1; number <= SENTINELS; number++) {
    const lines = [
      `sentinel monitor ${name} ${LOOPBACK} ${first.port} ${QUORUM}`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} ${FAILOVER_MS}`,
    ]
    sentinels.push(stack.use(await startRedisProgram('sentinel', lines, ['--sentinel'], part(`sentinel-${number}`))))
  }
  const set = describeSet(name, [first, second], sentinels)
  await set.whole()
  const owned = stack.move()
  return { ...set, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function describeSet(
  name: string,
  servers: readonly RedisEngine[],
  sentinelEngines: readonly RedisEngine[],
): Omit<RedisSet, typeof Symbol.asyncDispose> {
  const sentinelPorts = sentinelEngines.map(({ port }) => port)
  const sentinels = sentinelPorts.map((port) => ({ host: LOOPBACK, port }))

  /** What the sentinels that answer take for the primary; null unless they agree and are a majority. */
  async function agreed(): Promise<RedisEngine | null> {
    const asked = sentinelPorts.map((port) => ask(port, `SENTINEL get-master-addr-by-name ${name}`).catch(() => ''))
    const ports = (await Promise.all(asked)).map((answer) => Number(/\r\n(\d+)\r\n$/.exec(answer)?.[1] ?? 0))
    const known = ports.filter((port) => port > 0)
    if (known.length < QUORUM || new Set(known).size !== 1) return null
    return servers.find((server) => server.port === known[0]) ?? null
  }

  async function primary(): Promise<RedisEngine> {
    return await eventually('The sentinels agree on no primary', agreed)
  }

  async function seesAll(port: number): Promise<boolean> {
    const told = await ask(port, `SENTINEL master ${name}`)
    const field = (key: string) => new RegExp(`\\r\\n${key}\\r\\n\\$\\d+\\r\\n([^\\r]*)`).exec(told)?.[1]
    const all =
      field('num-slaves') === String(servers.length - 1) && field('num-other-sentinels') === String(SENTINELS - 1)
    return all && field('flags') === 'master'
  }

  return {
    name,
    sentinels,
    url: `redis+sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}/${name}`,
    servers,
    sentinelEngines,
    primary,
    async killPrimary() {
      const server = await primary()
      await server.kill()
      return server
    },
    async pausePrimary() {
      const server = await primary()
      await server.pause()
      return server
    },
    async failedOver(from) {
      return await eventually('There was no failover', async () => {
        const now = await agreed()
        return now !== null && now !== from && (await ask(now.port, 'ROLE')).includes('master') ? now : null
      })
    },
    async whole() {
      await eventually('The set did not become whole', async () => {
        const now = await agreed()
        if (now === null || !/slave0:.*state=online/.test(await ask(now.port, 'INFO replication'))) return null
        const seen = await Promise.all(sentinelPorts.map((port) => seesAll(port)))
        return seen.every(Boolean) ? now : null
      })
    },
  }
}

async function version(): Promise<string | null> {
  return await promisify(execFile)(REDIS_PROGRAM, ['--version']).then(
    ({ stdout }) => /v=(\S+)/.exec(stdout)?.[1] ?? stdout.trim(),
    () => null,
  )
}

async function eventually<T>(problem: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + WHOLE_MS_MAX
  for (;;) {
    const found = await look().catch(() => null)
    if (found !== null) return found
    if (Date.now() > deadline) throw new Error(`${problem} within ${WHOLE_MS_MAX} ms.`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
