import { constants, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ensureEtcd, startEtcd } from '../engines/etcd.ts'
import { ensureKafka, startKafka } from '../engines/kafka.ts'
import { ensureNginx, startNginx, type Nginx } from '../engines/nginx.ts'
import { ensurePostgres, startPostgres } from '../engines/postgres.ts'
import { ensureRedis, startRedisSet } from '../engines/redis.ts'
import type { ClusterLog, ClusterOptions } from './arguments.ts'
import { oneLine } from './one-line.ts'
import type { Program } from './part.ts'
import { ClusterError, type EngineStatus } from './state.ts'

/** An engine before it is watched over. */
export interface Engine {
  name: string
  url: string
  program: Program
  role?(): Promise<EngineStatus['role'] | null>
}

/** Everything that nodes need and are not. */
export interface Engines extends AsyncDisposable {
  all: readonly Engine[]
  nginx: Nginx
  /** Where they are, as the settings of a node take it. */
  settings: Readonly<Record<string, string>>
}

interface Started extends AsyncDisposable {
  engines: Engine[]
  settings?: Record<string, string>
  nginx?: Nginx
}
type Starter = [what: string, start: () => Promise<Started>]

/** Installs what is missing, one after the other. Throws a {@link ClusterError} with a line for each that cannot be had. */
export async function ensureEngines(log: ClusterLog): Promise<void> {
  const problems: string[] = []
  const need = async (what: string, ensure: () => Promise<boolean>) => {
    try {
      if (!(await ensure())) problems.push(`${what} is not there and could not be installed.`)
    } catch (error) {
      problems.push(oneLine(error))
    }
  }
  await need('Redis', async () => (await ensureRedis()) !== null)
  await need('PostgreSQL', async () => (await ensurePostgres()) !== null)
  await need('etcd', async () => (await ensureEtcd()) !== null)
  await need('nginx', async () => (await ensureNginx()) !== null)
  if (log === 'kafka') {
    const missing = problems.length
    await need('Kafka', async () => (await ensureKafka()) !== null)
    if (problems.length > missing) problems.push('A cluster without Kafka: npm run cluster -- --log postgres')
  }
  if (problems.length > 0) throw new ClusterError(problems.join('\n'))
}

/** Starts all engines side by side. Throws a {@link ClusterError} with a line for each that could not be started, and ends the others. */
export async function startEngines(
  { data, log, port }: ClusterOptions,
  progress: (line: string) => void,
): Promise<Engines> {
  await othersMayEnter(data)
  const starters: Starter[] = [
    ['Redis with a replica and three sentinels', () => redis(join(data, 'redis'))],
    ['PostgreSQL', () => postgres(join(data, 'postgres'))],
    ['etcd', () => etcd(join(data, 'etcd'))],
    ['nginx', () => nginx(join(data, 'nginx'), port)],
  ]
  if (log === 'kafka') starters.splice(2, 0, ['Kafka', () => kafka(join(data, 'kafka'))])

  await using stack = new AsyncDisposableStack()
  const problems: string[] = []
  const started = await Promise.all(
    starters.map(async ([what, start]) => {
      const began = performance.now()
      try {
        const one = stack.use(await start())
        progress(`${what}: ready after ${((performance.now() - began) / 1000).toFixed(1)} s`)
        return one
      } catch (error) {
        problems.push(`${what} could not be started: ${oneLine(error)}`)
        return null
      }
    }),
  )
  if (problems.length > 0) throw new ClusterError(problems.join('\n'))
  const parts = started.filter((each) => each !== null)
  const door = parts.find((each) => each.nginx !== undefined)?.nginx
  if (door === undefined) throw new Error('The engines have no nginx.')
  const owned = stack.move()
  return {
    all: parts.flatMap(({ engines }) => engines),
    nginx: door,
    settings: Object.assign({}, ...parts.map(({ settings }) => settings ?? {})) as Record<string, string>,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function redis(folder: string): Promise<Started> {
  const set = await startRedisSet({ folder })
  const servers = set.servers.map((server, place) => ({
    name: `redis-${place + 1}`,
    url: server.url,
    program: server,
    role: () => server.role(),
  }))
  const sentinels = set.sentinelEngines.map((engine, place) => ({
    name: `sentinel-${place + 1}`,
    url: engine.url,
    program: engine,
  }))
  return {
    engines: [...servers, ...sentinels],
    settings: { REDIS_URL: set.url },
    [Symbol.asyncDispose]: () => set[Symbol.asyncDispose](),
  }
}

async function postgres(folder: string): Promise<Started> {
  const server = await startPostgres({ folder })
  return {
    engines: [{ name: 'postgres', url: server.url, program: server }],
    settings: { POSTGRES_URL: server.url },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function kafka(folder: string): Promise<Started> {
  const broker = await startKafka({ folder })
  return {
    engines: [{ name: 'kafka', url: broker.address, program: broker }],
    settings: { KAFKA_BROKERS: broker.address },
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  }
}

async function etcd(folder: string): Promise<Started> {
  const server = await startEtcd({ folder })
  return {
    engines: [{ name: 'etcd', url: server.url, program: server }],
    settings: { ETCD_URL: server.url },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function nginx(folder: string, port: number | undefined): Promise<Started> {
  const door = await startNginx({ folder, ...(port !== undefined && { port }) })
  return {
    engines: [{ name: 'nginx', url: door.url, program: door }],
    nginx: door,
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  }
}

/** Started by root, PostgreSQL runs as a user of its own, who must be able to get to its folder. */
async function othersMayEnter(data: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  for (let folder = data; ; folder = dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & constants.S_IXOTH) === 0) {
      throw new ClusterError(
        `PostgreSQL does not run as root, and other users may not enter ${folder}. Choose another folder with --data.`,
      )
    }
    if (folder === dirname(folder)) return
  }
}
