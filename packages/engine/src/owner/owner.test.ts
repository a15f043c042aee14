import { PlenaryError, kindTable } from '@plenary/kinds'
import type { EventId, RoomId, UserId } from '@plenary/kinds'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { memoryBus } from '../bus/bus-memory.ts'
import { openSqliteLog } from '../log/log-sqlite.ts'
import { noMetrics } from '../metrics.ts'
import type { Holding, PlacementHandlers } from '../placement/placement.ts'
import { faultyLog } from '../testing/faulty-log.ts'
import { tally } from '../testing/tally.ts'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { shardTopic } from './orders.ts'
import type { Order } from './orders.ts'
import { Owner } from './owner.ts'

const ROOM = 'room-a' as RoomId
const TOPIC = shardTopic('z', 0)

/** An owner of one shard whose placement does what the test says. */
async function setUp() {
  const runtime = new TestRuntime()
  const bus = memoryBus(runtime)
  const stored = await openSqliteLog({ file: ':memory:' })
  const log = faultyLog(stored)
  const told = Promise.withResolvers<PlacementHandlers>()
  let epoch = 0
  const placement = {
    zone: 'z',
    shards: 1,
    renewals: 0,
    /** What becomes of the shard when its next epoch is asked for. */
    renewing: 'gained' as 'gained' | 'another’s' | 'unknown',
    start: async (handlers: PlacementHandlers) => told.resolve(handlers),
    async renew(holding: Holding) {
      placement.renewals++
      await handlers.lost(holding)
      if (placement.renewing === 'unknown') throw new Error('etcd is away.')
      if (placement.renewing === 'gained') await handlers.gained(next())
    },
    stop: async () => undefined,
  }
  const next = (): Holding => ({ shard: 0, epoch: ++epoch, validUntil: () => Infinity })
  const owner = new Owner(
    {
      runtime,
      bus,
      log,
      directory: { find: async () => ({ kind: 'tally', settings: {}, access: { event: 'event-a' as EventId } }) },
      kinds: kindTable([tally]),
      logger: pino({ level: 'silent' }),
      metrics: noMetrics,
    },
    placement,
  )
  await owner.start()
  const handlers = await told.promise
  onTestFinished(async () => {
    log.letGo()
    await owner.stop()
    await log.close()
  })

  let commands = 0
  const say = () => {
    const by = { id: 'ann' as UserId, name: 'Ann', role: 'attendee' } as const
    const id = `c-${commands++}` as never
    const order: Order = {
      op: 'command',
      command: { room: ROOM, id, type: 'say', body: { word: 'hi' }, by, again: false },
    }
    return bus.request(TOPIC, { header: order }, 60_000).then(
      () => 'ok',
      (error: unknown) => {
        if (!(error instanceof PlenaryError)) throw error
        // What the bus itself says comes without a time.
        return error.retryAfter === undefined ? 'nobody' : error.code
      },
    )
  }
  /** Time goes on until the owner runs its shard, or does not. */
  const moveOn = async (holds: () => boolean) => {
    for (const until = performance.now() + 5_000; !holds(); await runtime.advance(10)) {
      if (performance.now() > until) throw new Error(`What was waited for did not come: ${holds.toString()}`)
      // The log's thread is a real one: no time passes while it is still at work.
      await stored.head(ROOM)
      await runtime.settle()
    }
  }
  const runs = () => owner.shards.length === 1
  return { runtime, bus, log, owner, placement, handlers, next, say, moveOn, runs }
}

test('[R8] a shard that was gained while its log was away says so, and runs as soon as the log answers', async () => {
  const { runtime, log, owner, placement, handlers, next, say, moveOn, runs } = await setUp()
  log.away = 'refusing'
  await handlers.gained(next())
  expect(owner.shards).toEqual([])
  await runtime.advance(1_000)
  expect(await say()).toBe('unavailable')
  await runtime.advance(30_000)
  // No epoch is asked for that would be good for nothing.
  expect(placement.renewals).toBe(0)
  log.away = null
  const backAt = runtime.monotonic()
  await moveOn(runs)
  expect(runtime.monotonic() - backAt).toBeLessThanOrEqual(1_500)
  expect(placement.renewals).toBe(1)
  const said = say()
  await moveOn(() => log.appends.length === 1)
  await runtime.settle()
  expect(await said).toBe('ok')
})

test('[R8] whoever asks in the first moment at which a shard can be asked is taken, however long it was on its way', async () => {
  const { runtime, bus, log, handlers, next, say, moveOn, runs } = await setUp()
  const known = Promise.withResolvers<void>()
  const respond = bus.respond.bind(bus)
  bus.respond = async (topic, handler) => {
    const held = await respond(topic, handler)
    await known.promise
    return held
  }
  const gained = handlers.gained(next())
  await moveOn(runs)
  await runtime.advance(1_000)
  const said = say()
  await moveOn(() => log.appends.length === 1)
  await runtime.settle()
  expect(await said).toBe('ok')
  known.resolve()
  await gained
})

test('[R4] [R8] a shard that was lost while its log was away is nobody’s here, and is not asked for again', async () => {
  const { runtime, log, placement, handlers, next, say } = await setUp()
  log.away = 'refusing'
  const holding = next()
  await handlers.gained(holding)
  await runtime.advance(5_000)
  expect(await say()).toBe('unavailable')
  await handlers.lost(holding)
  expect(await say()).toBe('nobody')
  log.away = null
  const missed = log.missed
  await runtime.advance(10_000)
  expect([placement.renewals, log.missed]).toEqual([0, missed])
})

test('[R8] a shard that is another’s by the time the log answers is left to that one', async () => {
  const { runtime, log, owner, placement, handlers, next, say, moveOn } = await setUp()
  placement.renewing = 'another’s'
  log.away = 'refusing'
  await handlers.gained(next())
  await runtime.advance(1_000)
  log.away = null
  await moveOn(() => placement.renewals === 1)
  await runtime.settle()
  expect(await say()).toBe('nobody')
  expect(owner.shards).toEqual([])
})

test('[R8] while placement cannot say whose the shard is, nobody answers for it here; while the log is away nobody else can', async () => {
  const { runtime, log, placement, handlers, next, say, moveOn, runs } = await setUp()
  placement.renewing = 'unknown'
  log.away = 'refusing'
  await handlers.gained(next())
  await runtime.advance(1_000)
  log.away = null
  await moveOn(() => placement.renewals > 0)
  await runtime.settle()
  expect(await say()).toBe('nobody')
  log.away = 'refusing'
  await runtime.advance(2_000)
  expect(await say()).toBe('unavailable')
  log.away = null
  placement.renewing = 'gained'
  await moveOn(runs)
})

test('[R7] tries to take a shard again come slower and slower, but for a second at most', async () => {
  const { runtime, log, handlers, next } = await setUp()
  log.away = 'refusing'
  await handlers.gained(next())
  const at: number[] = []
  let seen = log.missed
  for (let ms = 0; ms < 20_000; ms += 10) {
    await runtime.advance(10)
    if (log.missed > seen) at.push(runtime.monotonic())
    seen = log.missed
  }
  const gaps = at.slice(1).map((each, index) => each - (at[index] ?? 0))
  expect(at[0]).toBeLessThanOrEqual(110)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1_010)
  expect(Math.min(...gaps.slice(4))).toBeGreaterThanOrEqual(490)
})
