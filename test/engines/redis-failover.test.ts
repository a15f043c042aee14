import { pino } from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Bus } from '../../packages/engine/src/bus/bus.ts'
import { noMetrics } from '../../packages/engine/src/metrics.ts'
import { redisBus, redisRegistry } from '../../packages/engine/src/redis.ts'
import type { Registry } from '../../packages/engine/src/registry/registry.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { ensureRedis, startRedisSet } from '../../scripts/engines/redis.ts'
import type { RedisEngine, RedisSet } from '../../scripts/engines/redis.ts'

const there = await ensureRedis()
const runtime = realRuntime()
const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
const BACK_MS_MAX = 15_000
const TALK_MS = 10
const REPORT_MS = 200

/** Two nodes that talk all the time, over a set, and a registry to which one of them reports. */
class Traffic implements AsyncDisposable {
  readonly heard: number[] = []
  readonly #bus: Bus
  readonly #other: Bus
  readonly #registry: Registry
  readonly #timers: NodeJS.Timeout[] = []
  #said = 0

  private constructor(bus: Bus, other: Bus, registry: Registry) {
    this.#bus = bus
    this.#other = other
    this.#registry = registry
  }

  static async start(target: string): Promise<Traffic> {
    const options = { target, runtime, logger, metrics: noMetrics }
    const traffic = new Traffic(await redisBus(options), await redisBus(options), await redisRegistry(options))
    await traffic.#other.subscribe('t', ({ header }) => traffic.heard.push(header as number))
    await traffic.#other.respond('q', async ({ header }) => ({ header: { got: header } }))
    traffic.#timers.push(
      setInterval(() => traffic.#bus.publish('t', { header: ++traffic.#said, payload: new Uint8Array(500) }), TALK_MS),
      setInterval(() => void traffic.#report().catch(() => undefined), REPORT_MS),
    )
    await traffic.flowing()
    return traffic
  }

  /** Resolves once what is said from now on is heard, questions are answered, and places are given. */
  async flowing(): Promise<void> {
    const mark = this.#said
    const until = { timeout: BACK_MS_MAX, interval: 20 }
    await Promise.all([
      vi.waitUntil(() => this.heard.some((each) => each > mark), until),
      vi.waitUntil(async () => (await this.#bus.request('q', { header: 1 }, 500).catch(() => null)) !== null, until),
      vi.waitUntil(async () => (await this.#registry.assign('z').catch(() => null)) !== null, until),
    ])
  }

  async #report(): Promise<void> {
    await this.#registry.report({ node: 'n', zone: 'z', url: 'http://n', capacity: 1_000_000, connections: 0 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all([this.#bus.close(), this.#other.close(), this.#registry.close()])
  }
}

describe.skipIf(there === null)('a failover of Redis', () => {
  const complaints = vi.spyOn(console, 'error')
  afterEach(() => complaints.mockClear())

  const faults: [string, (set: RedisSet) => Promise<RedisEngine>][] = [
    ['killed', (set) => set.killPrimary()],
    ['stopped in mid-work with its sockets open', (set) => set.pausePrimary()],
  ]
  test.each(faults)(
    '[R8] the primary is %s under traffic: within 15 s everything flows again by itself',
    async (_, fault) => {
      await using set = await startRedisSet()
      await using traffic = await Traffic.start(set.url)
      const old = await fault(set)
      const began = performance.now()
      await set.failedOver(old)
      const overMs = Math.round(performance.now() - began)
      await traffic.flowing()
      const backMs = Math.round(performance.now() - began)
      console.log(`new primary after ${overMs} ms, bus and registry flow after ${backMs} ms`)
      expect(backMs).toBeLessThan(BACK_MS_MAX)

      // It comes back and takes itself for the primary until the sentinels tell it: nobody may go along with it.
      await old.resume()
      if (old.pid === -1) await old.restart()
      await traffic.flowing()
      expect(await set.primary()).not.toBe(old)
      expect(traffic.heard).toEqual(traffic.heard.toSorted((a, b) => a - b))
      expect(new Set(traffic.heard).size).toBe(traffic.heard.length)
      expect(complaints).not.toHaveBeenCalled()
    },
    30_000,
  )

  test('[R8] sentinels that are down or hang are passed over', async () => {
    await using set = await startRedisSet()
    const [first, second] = set.sentinelEngines
    await first?.kill()
    await using traffic = await Traffic.start(set.url)
    await set.failedOver(await set.killPrimary())
    await traffic.flowing()
    await second?.pause()
    await using late = await Traffic.start(set.url)
    await late.flowing()
    expect(complaints).not.toHaveBeenCalled()
  }, 30_000)
})
