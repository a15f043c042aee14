import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { CommandId, RoomId, UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import type { Bus, BusMessage } from '../bus/bus.ts'
import type { CommandOrder, Order } from '../owner/orders.ts'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { Asking } from './asking.ts'
import { RoomZones } from './room-zones.ts'

const COMMAND: CommandOrder = {
  room: 'room-1' as RoomId,
  id: 'c-1' as CommandId,
  type: 'add',
  body: {},
  by: { id: 'ann' as UserId, name: 'Ann', role: 'attendee' },
  again: false,
}

type Told = 'silence' | 'nobody' | 'moved' | 'away' | 'done'

/** A gateway whose question is answered as this says, at the time at which it asks. */
function setUp(told: (atMs: number) => Told) {
  const runtime = new TestRuntime()
  const asked: { atMs: number; again: boolean }[] = []
  const request = async (_: string, message: BusMessage, timeoutMs: number): Promise<BusMessage> => {
    const order = message.header as Order
    const atMs = runtime.monotonic()
    asked.push({ atMs, again: order.op === 'command' && order.command.again })
    switch (told(atMs)) {
      case 'silence':
        await new Promise<void>((resolve) => runtime.after(timeoutMs, resolve))
        throw new PlenaryError('timeout', 'No answer in time.')
      case 'nobody':
        throw new PlenaryError('moved', 'Nobody answers.')
      case 'moved':
        throw new PlenaryError('moved', 'Not yet.', { retryAfter: 100 })
      case 'away':
        throw new PlenaryError('unavailable', 'The log is away.', { retryAfter: 500 })
      case 'done':
        return { header: { seq: 7 } }
    }
  }
  const zones = new RoomZones('z', undefined)
  const asking = new Asking({ request } as unknown as Bus, runtime, zones, 4)
  const ended = asking.command(COMMAND).then(
    (done) => ({ done, atMs: runtime.monotonic() }),
    (error: unknown) => ({ error, atMs: runtime.monotonic() }),
  )
  return { runtime, asking, asked, ended }
}

test('[R7] an owner that says that its log is away is believed at once', async () => {
  const { ended, asked } = setUp(() => 'away')
  expect(await ended).toMatchObject({ atMs: 0, error: { code: 'unavailable', retryAfter: 500 } })
  expect(asked).toHaveLength(1)
})

test('[R7] an owner that is there and only ever says “not yet” keeps nobody waiting for 2 s', async () => {
  const { runtime, ended } = setUp(() => 'moved')
  await runtime.advance(2_000)
  const { atMs, ...outcome } = await ended
  expect(outcome).toMatchObject({ error: { code: 'unavailable', reason: 'outcome_unknown', temporary: true } })
  expect(atMs).toBeLessThanOrEqual(LIMITS.commandWaitMs)
})

test('[R7] nor does one that said so and then fell silent', async () => {
  const { runtime, ended } = setUp((atMs) => (atMs < 500 ? 'moved' : 'silence'))
  await runtime.advance(2_000)
  const { atMs } = await ended
  expect(atMs).toBeLessThanOrEqual(LIMITS.commandWaitMs)
  expect(atMs).toBeGreaterThan(1_000)
})

test.for(['silence', 'nobody'] as const)(
  '[R8] where there is %s, a successor is waited for, and gets the same command marked as sent again',
  async (how) => {
    const { runtime, ended, asked } = setUp((atMs) => (atMs < 7_000 ? how : 'done'))
    await runtime.advance(10_000)
    expect(await ended).toMatchObject({ done: { seq: 7 } })
    expect(asked.map(({ again }) => again)).toEqual(asked.map((_, at) => at > 0))
  },
)

test.for(['silence', 'nobody'] as const)('[R7] %s is waited out for 10 s and no longer', async (how) => {
  const { runtime, ended } = setUp(() => how)
  await runtime.advance(11_000)
  const { atMs, ...outcome } = await ended
  expect(outcome).toMatchObject({ error: { code: 'unavailable', temporary: true } })
  expect(atMs).toBeLessThanOrEqual(10_000)
  expect(atMs).toBeGreaterThan(9_000)
})

test('[R8] a successor that says “not yet” while it settles in has its own time for that, however long nobody was there before', async () => {
  const { runtime, ended } = setUp((atMs) => (atMs < 5_000 ? 'nobody' : atMs < 5_500 ? 'moved' : 'done'))
  await runtime.advance(10_000)
  expect(await ended).toMatchObject({ done: { seq: 7 } })
})

test('[R8] whoever waits for a shard asks as soon as it is taken, and at no other shard’s taking', async () => {
  const { runtime, asking, asked, ended } = setUp((atMs) => (atMs < 5_000 ? 'nobody' : 'done'))
  await runtime.advance(4_999)
  const before = asked.length
  await runtime.advance(1)
  if (asked.length > before) throw new Error('The time was meant to lie in a pause.')
  const shard = asking.shardOf(COMMAND.room)
  asking.taken(shard + 1)
  await runtime.advance(0)
  expect(asked).toHaveLength(before)
  asking.taken(shard)
  await runtime.advance(0)
  expect(await ended).toMatchObject({ done: { seq: 7 }, atMs: 5_000 })
})
