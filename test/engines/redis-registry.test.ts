import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redisRegistry } from '../../packages/engine/src/redis.ts'
import { registryContract } from '../../packages/engine/src/registry/registry.contract.ts'
import { REPORT_TTL_MS } from '../../packages/engine/src/registry/registry.ts'
import type { GatewayReport, Registry } from '../../packages/engine/src/registry/registry.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { ensureRedis, startRedis } from '../../scripts/engines/redis.ts'
import type { RedisEngine } from '../../scripts/engines/redis.ts'

const there = await ensureRedis()
const runtime = realRuntime()
const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
const SHORT_TTL_MS = 300
let prefixes = 0

describe.skipIf(there === null)('registry over Redis', () => {
  let redis: RedisEngine
  let admin: Redis
  const registries: Registry[] = []
  beforeAll(async () => {
    redis = await startRedis()
    admin = new Redis(redis.url)
    admin.on('error', () => {})
  })
  afterAll(async () => {
    admin.disconnect()
    await redis[Symbol.asyncDispose]()
  })
  afterEach(async () => {
    await Promise.all(registries.splice(0).map((registry) => registry.close()))
  })

  const freshPrefix = () => `test-${++prefixes}`
  async function open(prefix: string, more: { ttlMs?: number } = {}): Promise<Registry> {
    const registry = await redisRegistry({ target: redis.url, runtime, logger, prefix, ...more })
    registries.push(registry)
    return registry
  }
  const gateway = (node: string, more: Partial<GatewayReport> = {}): GatewayReport => ({
    node,
    zone: 'z',
    url: `http://${node}`,
    capacity: 1_000,
    connections: 0,
    ...more,
  })
  const NODES = ['a', 'b', 'c']

  registryContract('Redis', async () => {
    const prefix = freshPrefix()
    const registry = await open(prefix)
    return {
      registry,
      // The clock is Redis' own: what a report left behind is waited for until it has no more than the rest to live.
      async pass(ms) {
        const passed = async () => {
          const keys = await admin.keys(`${prefix}:gateway:*`)
          const left = await Promise.all(keys.map((key) => admin.pttl(key)))
          return left.every((each) => each <= REPORT_TTL_MS - ms)
        }
        await expect.poll(passed, { timeout: ms + 1_000 }).toBe(true)
      },
      close: async () => {},
    }
  })

  test('300 assignments in one burst, through three registries, end within 10 % of even, and a full gateway gets none', async () => {
    const prefix = freshPrefix()
    const [first, ...others] = await Promise.all([open(prefix), open(prefix), open(prefix)])
    for (const node of NODES) await first.report(gateway(node))
    await first.report(gateway('full', { capacity: 50, connections: 50 }))
    const given = await Promise.all(
      Array.from({ length: 300 }, (_, at) => ([first, ...others][at % 3] ?? first).assign('z')),
    )
    const counts = Map.groupBy(given, (each) => each?.url)
    expect(new Set(counts.keys())).toEqual(new Set(NODES.map((node) => `http://${node}`)))
    for (const each of counts.values()) expect(Math.abs(each.length - 100)).toBeLessThanOrEqual(10)
  })

  test('a burst stays even while clients arrive late and gateways report at different times', async () => {
    const registry = await open(freshPrefix())
    const connected = new Map(NODES.map((node) => [`http://${node}`, 0]))
    const onTheirWay: string[] = []
    const report = (node: string) =>
      registry.report(gateway(node, { connections: connected.get(`http://${node}`) ?? 0 }))
    for (const node of NODES) await report(node)
    for (let at = 1; at <= 300; at++) {
      onTheirWay.push((await registry.assign('z'))?.url ?? 'none')
      // Eighty are always between the assignment and the connection.
      const arrived = onTheirWay.length > 80 ? onTheirWay.shift() : undefined
      if (arrived !== undefined) connected.set(arrived, (connected.get(arrived) ?? 0) + 1)
      // One reports often, one seldom, one never.
      if (at % 10 === 0) await report('a')
      if (at % 75 === 0) await report('b')
    }
    for (const url of onTheirWay) connected.set(url, (connected.get(url) ?? 0) + 1)
    for (const count of connected.values()) expect(Math.abs(count - 100)).toBeLessThanOrEqual(10)
  })

  test('a reserved place whose client does not come is free again after its time', async () => {
    const registry = await open(freshPrefix(), { ttlMs: SHORT_TTL_MS })
    const report = () => registry.report(gateway('a', { capacity: 1 }))
    await report()
    expect(await registry.assign()).not.toBeNull()
    expect(await registry.assign()).toBeNull()
    await report()
    expect(await registry.assign()).toBeNull()
    await expect.poll(async () => (await report(), await registry.assign()), { timeout: 5_000 }).not.toBeNull()
  })

  test('a reservation ends when its client comes, and others stay', async () => {
    const registry = await open(freshPrefix())
    await registry.report(gateway('a', { capacity: 3 }))
    for (let at = 0; at < 3; at++) expect(await registry.assign()).not.toBeNull()
    // One has come, and one who was there before has left.
    await registry.report(gateway('a', { capacity: 3, connections: 1 }))
    expect(await registry.assign()).toBeNull()
    await registry.report(gateway('a', { capacity: 3, connections: 3 }))
    expect(await registry.assign()).toBeNull()
    await registry.report(gateway('a', { capacity: 3, connections: 2 }))
    expect(await registry.assign()).not.toBeNull()
  })

  test('a gateway that moved to another zone is found there and no more in the old one', async () => {
    const registry = await open(freshPrefix())
    await registry.report(gateway('a', { zone: 'y' }))
    await registry.report(gateway('a', { zone: 'z' }))
    expect(await registry.list()).toEqual([gateway('a', { zone: 'z' })])
    expect(await registry.assign('y')).toEqual({ url: 'http://a', zone: 'z' })
  })

  test('while Redis is away a call fails as `unavailable`; back and empty, it is whole after the next reports', async () => {
    const registry = await open(freshPrefix())
    await registry.report(gateway('a'))
    await redis.kill()
    try {
      await expect(registry.assign()).rejects.toMatchObject({ code: 'unavailable', temporary: true })
    } finally {
      await redis.restart()
    }
    await registry.report(gateway('a'))
    expect(await registry.assign()).toEqual({ url: 'http://a', zone: 'z' })
  })
})
