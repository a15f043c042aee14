import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { busContract } from '../../packages/engine/src/bus/bus.contract.ts'
import type { Bus } from '../../packages/engine/src/bus/bus.ts'
import { encodeLetter } from '../../packages/engine/src/bus/redis-letter.ts'
import { noMetrics } from '../../packages/engine/src/metrics.ts'
import type { MetricName } from '../../packages/engine/src/metrics.ts'
import { redisBus } from '../../packages/engine/src/redis.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { until } from '../../packages/engine/src/testing/harness.ts'
import { ensureRedis, startRedis } from '../../scripts/engines/redis.ts'
import type { RedisEngine } from '../../scripts/engines/redis.ts'

const there = await ensureRedis()
const runtime = realRuntime()
const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
let prefixes = 0

describe.skipIf(there === null)('bus over Redis', () => {
  let redis: RedisEngine
  let admin: Redis
  const buses: Bus[] = []
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
    await Promise.all(buses.splice(0).map((bus) => bus.close()))
  })

  async function nodes(count: number, lost: (why: string) => void = () => {}): Promise<{ prefix: string; all: Bus[] }> {
    const prefix = `test-${++prefixes}`
    const metrics = {
      ...noMetrics,
      count: (_: MetricName, __?: number, labels?: Record<string, string>) => lost(labels?.['why'] ?? ''),
    }
    const all = await Promise.all(
      Array.from({ length: count }, () => redisBus({ target: redis.url, runtime, logger, metrics, prefix })),
    )
    buses.push(...all)
    return { prefix, all }
  }
  /** The buses of as many processes as the test names. */
  async function three(): Promise<[Bus, Bus, Bus]> {
    return (await nodes(3)).all as [Bus, Bus, Bus]
  }

  busContract('Redis', async () => {
    const [bus, other] = (await nodes(2)).all as [Bus, Bus]
    return {
      bus,
      other,
      cut: async () => {
        for (const kind of ['pubsub', 'normal']) await admin.call('CLIENT', 'KILL', 'TYPE', kind, 'SKIPME', 'yes')
      },
      async close() {
        await bus.close()
        await other.close()
      },
    }
  })

  test('[R7] a process subscribes to a topic once, however many want it, and lets it go with the last of them', async () => {
    const { prefix, all } = await nodes(1)
    const [bus] = all as [Bus]
    const subscribers = async () => Number((await admin.pubsub('NUMSUB', `${prefix}:topic:t`))[1])
    const heard: number[] = []
    const subscriptions = await Promise.all([1, 2, 3].map((at) => bus.subscribe('t', () => heard.push(at))))
    expect(await subscribers()).toBe(1)
    await Promise.all(subscriptions.slice(1).map((each) => each.close()))
    expect(await subscribers()).toBe(1)
    await subscriptions[0]?.close()
    await expect.poll(subscribers).toBe(0)
    // Let go and taken again in one breath, it is in force.
    const again = await bus.subscribe('t', () => heard.push(4))
    void again.close()
    await bus.subscribe('t', () => heard.push(5))
    expect(await subscribers()).toBe(1)
  })

  test('[R4] of two processes that answer for a topic, a third one’s questions each reach exactly one', async () => {
    const [asker, first, second] = await three()
    const got: unknown[] = []
    await first.respond('one', async ({ header }) => ({ header: got.push(header) }))
    await second.respond('one', async ({ header }) => ({ header: got.push(header) }))
    const asked = Array.from({ length: 50 }, (_, at) => at)
    await Promise.all(asked.map((at) => asker.request('one', { header: at }, 5_000)))
    expect(got.toSorted((a, b) => Number(a) - Number(b))).toEqual(asked)
  })

  test('[R9] a question finds the next who answers, when the one before has stopped or is gone', async () => {
    const [asker, first, second] = await three()
    const answering = await first.respond('t', async () => ({ header: 'first' }))
    expect((await asker.request('t', { header: 1 }, 5_000)).header).toBe('first')
    await second.respond('t', async () => ({ header: 'second' }))
    await answering.close()
    expect((await asker.request('t', { header: 2 }, 5_000)).header).toBe('second')
    await second.close()
    await expect(asker.request('t', { header: 3 }, 5_000)).rejects.toMatchObject({ code: 'moved' })
    await first.respond('t', async () => ({ header: 'first again' }))
    expect((await asker.request('t', { header: 4 }, 5_000)).header).toBe('first again')
  })

  test('[R2] connections that are cut come back by themselves, and nothing arrives twice or out of order', async () => {
    const [speaker, listener] = await three()
    const heard: number[] = []
    await listener.subscribe('t', ({ header }) => heard.push(header as number))
    await listener.respond('q', async ({ header }) => ({ header }))
    let said = 0
    const talking = setInterval(() => speaker.publish('t', { header: ++said }), 2)
    try {
      for (const kind of ['pubsub', 'normal', 'pubsub'] as const) {
        await admin.call('CLIENT', 'KILL', 'TYPE', kind, 'SKIPME', 'yes')
        const mark = said
        await until(() => heard.some((each) => each > mark + 20))
      }
      await expect
        .poll(() => speaker.request('q', { header: 7 }, 200).catch(() => null), { timeout: 5_000 })
        .toMatchObject({ header: 7 })
    } finally {
      clearInterval(talking)
    }
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
    expect(new Set(heard).size).toBe(heard.length)
  })

  test('[R8] while Redis is away, those on one node still hear and answer each other; back, all do', async () => {
    const [here, elsewhere] = await three()
    const heard: string[] = []
    await here.subscribe('t', ({ header }) => heard.push(`here ${String(header)}`))
    await elsewhere.subscribe('t', ({ header }) => heard.push(`elsewhere ${String(header)}`))
    await here.respond('q', async () => ({ header: 'answered' }))
    await redis.kill()
    try {
      here.publish('t', { header: 1 })
      expect(heard).toEqual(['here 1'])
      expect((await here.request('q', { header: 1 }, 500)).header).toBe('answered')
      await expect(elsewhere.request('q', { header: 1 }, 100)).rejects.toMatchObject({
        code: 'timeout',
        temporary: true,
      })
    } finally {
      await redis.restart()
    }
    await expect
      .poll(() => elsewhere.request('q', { header: 1 }, 200).catch(() => null), { timeout: 5_000 })
      .not.toBeNull()
    await until(() => {
      here.publish('t', { header: 2 })
      return heard.includes('elsewhere 2')
    })
  })

  test('[R7] while Redis hangs, what waits for it is bounded, and what is past the bound is counted as lost', async () => {
    const lost: string[] = []
    const [speaker, listener] = (await nodes(2, (why) => lost.push(why))).all as [Bus, Bus]
    let heard = 0
    await listener.subscribe('t', () => void heard++)
    const payload = new Uint8Array(1024 * 1024)
    await redis.pause()
    try {
      for (let at = 0; at < 40; at++) speaker.publish('t', { header: at, payload })
      expect(lost.filter((why) => why === 'full').length).toBeGreaterThanOrEqual(8)
    } finally {
      await redis.resume()
    }
    await until(() => {
      speaker.publish('t', { header: 'after' })
      return heard > 0
    })
  })

  test('[R6] what is no message of the cluster is passed over, and clusters that share a Redis do not hear each other', async () => {
    const { prefix, all } = await nodes(1)
    const [bus] = all as [Bus]
    const [stranger] = (await nodes(1)).all as [Bus]
    const heard: unknown[] = []
    await bus.subscribe('t', ({ header }) => heard.push(header))
    for (const noise of [
      '',
      'x',
      'noise',
      '\u00ff\u00ff\u00ff\u00ff',
      '\u0000\u0000\u0000\u0002{]',
      '\u0000\u0000\u0000\u0004null',
    ]) {
      await admin.publish(`${prefix}:topic:t`, noise)
    }
    stranger.publish('t', { header: 'stranger' })
    await admin.publish(`${prefix}:topic:t`, encodeLetter({ is: 'message', from: 'another', header: 'ok' }))
    await until(() => heard.length > 0)
    expect(heard).toEqual(['ok'])
  })
})
