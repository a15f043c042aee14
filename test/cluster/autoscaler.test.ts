import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { redisRegistry } from '../../packages/engine/src/redis.ts'
import type { GatewayReport } from '../../packages/engine/src/registry/registry.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { nodePort, startNode } from '../../scripts/cluster/node.ts'
import { eventually } from '../../scripts/cluster/running.ts'
import { ensureEtcd, startEtcd } from '../../scripts/engines/etcd.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import { ensureRedis, startRedis } from '../../scripts/engines/redis.ts'
import { newEvent, Person } from './people.ts'

const there = (await ensureRedis()) !== null && (await ensurePostgres()) !== null && (await ensureEtcd()) !== null
if (!there) console.log('The autoscaler’s test is skipped: it needs Redis, PostgreSQL and etcd.')

const TEST_MS_MAX = 150_000
const ZONE = 'north'
/** Sockets that a node takes. */
const CAPACITY = 40
/** More than 80 % of one node, and of two. */
const TWO_NODES_PEOPLE = 35
const THREE_NODES_PEOPLE = 72
/** Figures are means over ten seconds; then a node starts, and then it reports. */
const STEP_MS_MAX = 45_000
const EVEN_MS_MAX = 30_000
/** Entering at once so many at a time. */
const ENTER_AT_ONCE = 12

describe.skipIf(!there)('a node that scales by itself', () => {
  test(
    '[R9] load makes it start a second and a third node; when the load goes, it drains and stops them',
    { timeout: TEST_MS_MAX },
    async () => {
      await using stack = new AsyncDisposableStack()
      const [redis, postgres, etcd] = await Promise.all([startRedis(), startPostgres(), startEtcd()])
      for (const engine of [redis, postgres, etcd]) stack.use(engine)
      const folder = await mkdtemp(join(tmpdir(), 'plenary-scaling-'))
      stack.defer(() => rm(folder, { recursive: true, force: true }))
      const node = await startNode({
        name: 'first',
        zone: ZONE,
        folder,
        port: await nodePort(),
        settings: {
          REDIS_URL: redis.url,
          POSTGRES_URL: postgres.url,
          ETCD_URL: etcd.url,
          ROLES: 'gateway,owner,registry,writer,monitor,balancer,autoscaler',
          SHARDS: '8',
          LOG_LEVEL: 'info',
          CAPACITY: String(CAPACITY),
          SCALE_WITH: 'processes',
          SCALE_MAX: '3',
          SCALE_CALM_SECONDS: '10',
          SCALE_COOL_DOWN_SECONDS: '2',
        },
      })
      stack.defer(() => node.stop())
      const runtime = realRuntime()
      const registry = await redisRegistry({
        target: redis.url,
        runtime,
        logger: pino({ level: 'silent' }),
      })
      stack.defer(() => registry.close())
      const people: Person[] = []
      stack.defer(() => leave(people))
      const since = stopwatch()
      const seen: GatewayReport[][] = []
      /** Waits until so many nodes report and this holds of them. */
      const nodes = async (what: string, msMax: number, holds: (reports: GatewayReport[]) => boolean) => {
        await eventually(what, msMax, async () => {
          seen.splice(0, seen.length, await registry.list())
          return holds(seen[0] ?? [])
        })
        console.log(`${what}: after ${since()} s, sockets ${counts(seen[0] ?? []).join(', ')}`)
      }

      try {
        const event = await newEvent(node.url, 'Full house')
        await enter(people, TWO_NODES_PEOPLE, node.url, event.code)
        await nodes('two nodes', STEP_MS_MAX, (reports) => reports.length === 2)
        await nodes('even', EVEN_MS_MAX, (reports) => isEven(counts(reports), TWO_NODES_PEOPLE))
        await enter(people, THREE_NODES_PEOPLE, node.url, event.code)
        await nodes('three nodes', STEP_MS_MAX, (reports) => reports.length === 3)
        const started = await descendants(node.pid)
        // Of each that was started, a guard and the node itself.
        expect(started).toHaveLength(4)
        await nodes('even', EVEN_MS_MAX, (reports) => isEven(counts(reports), THREE_NODES_PEOPLE))
        await people[0]?.room().send('post', { text: 'we are many' })
        await eventually('everyone reads it', EVEN_MS_MAX, () =>
          people.every((person) => person.texts().includes('we are many')),
        )

        leave(people)
        await nodes('one node', 2 * STEP_MS_MAX, (reports) => reports.length === 1 && reports[0]?.node === 'first')
        await eventually('no child is left', STEP_MS_MAX, async () => (await descendants(node.pid)).length === 0)
        console.log(`no child is left: after ${since()} s`)
        expect(started.filter(lives)).toEqual([])
        const left = () => readdir(join(folder, 'data/nodes'))
        await eventually('their folders are gone', STEP_MS_MAX, async () => (await left()).length === 0)
        const log = await readFile(join(folder, 'first.log'), 'utf8')
        const told = log.split('\n').filter((line) => line.includes('a node of ours has ended'))
        const ends = told.map((line) => (JSON.parse(line) as { code: number }).code)
        // In good order, and not by force.
        expect(ends).toEqual([0, 0])
      } catch (error) {
        console.error(await readFile(join(folder, 'first.log'), 'utf8'))
        throw error
      }
    },
  )
})

const counts = (reports: readonly GatewayReport[]) => reports.map(({ connections }) => connections)

/** All are there, and none has half as many again as its part. */
const isEven = (connections: readonly number[], people: number) =>
  connections.reduce((sum, each) => sum + each, 0) >= people &&
  Math.max(...connections) * connections.length < people * 1.5

/** Seconds since now. */
function stopwatch(): () => string {
  const from = performance.now()
  return () => ((performance.now() - from) / 1000).toFixed(1)
}

async function enter(people: Person[], upTo: number, url: string, code: string): Promise<void> {
  while (people.length < upTo) {
    const group = Array.from({ length: Math.min(ENTER_AT_ONCE, upTo - people.length) }, (_, place) =>
      Person.enter({ url, code, name: `Guest ${people.length + place + 1}` }),
    )
    people.push(...(await Promise.all(group)))
  }
}

function leave(people: Person[]): void {
  for (const person of people.splice(0)) person[Symbol.dispose]()
}

/** All processes that this one has started, and those that they have. */
async function descendants(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const own = children.trim().split(' ').filter(Boolean).map(Number)
  return [...own, ...(await Promise.all(own.map(descendants))).flat()]
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
