import { LIMITS } from '@plenary/kinds'
import type { SendAnswer } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startFaulty } from '../testing/faults.ts'
import { ROOM, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

const SHARDS = 4
const NOT_DONE = { ok: false, code: 'unavailable', temporary: true, retryAfter: 500 }
const NOT_KNOWN = { ...NOT_DONE, reason: 'outcome_unknown' }

async function startAway() {
  const runtime = new SkippingRuntime()
  const { node, log } = await startFaulty({ runtime, shards: SHARDS })
  return { runtime, node, log }
}
const running = (node: TestNode) => until(() => node.gauge('shards_owned') === SHARDS)

/** The answer, and how much of the node's time it took. */
async function timed(runtime: SkippingRuntime, answer: Promise<SendAnswer>) {
  const began = runtime.monotonic()
  return { answer: await answer, ms: runtime.monotonic() - began }
}

test('[R7] an append that is out for too long keeps nobody waiting; once it is durable after all, asking again tells so', async () => {
  const { runtime, node, log } = await startAway()
  await using _ = node
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  await ann.join()
  await bob.join()
  const id = randomUUID()
  const release = log.hold()
  const first = timed(runtime, ann.send('add', { by: 5 }, { id }))
  await until(() => log.held === 1)
  const behind = ann.send('say', { word: 'behind it' })
  await ann.socket.emitWithAck('leave', { room: 'nowhere' })
  runtime.skip(LIMITS.appendSlowMs)
  const { answer, ms } = await first
  expect(answer).toMatchObject(NOT_KNOWN)
  expect(ms).toBeLessThan(LIMITS.commandWaitMs)
  expect(await behind).toMatchObject(NOT_KNOWN)
  // Nothing new is taken, and nothing is waited for.
  const next = await timed(runtime, bob.send('add', { by: 1 }))
  expect(next.answer).toEqual({ ...NOT_DONE, message: expect.any(String) as string })
  expect(next.ms).toBeLessThan(500)
  expect(await ann.send('add', { by: 5 }, { id, again: true })).toMatchObject(NOT_KNOWN)
  expect(bob.batches).toEqual([])
  release()
  await until(() => bob.entries.length === 2)
  expect(await ann.send('add', { by: 5 }, { id, again: true })).toEqual({ ok: true, seq: 2, result: { total: 5 } })
  expect(bob.entries.map((entry) => entry.type)).toEqual(['added', 'said'])
  expect(await bob.send('add', { by: 1 })).toEqual({ ok: true, seq: 4, result: { total: 6 } })
  expect(node.counted('epochs_over_total')).toBe(0)
  expect(node.counted('slow_appends_total')).toBe(1)
})

test.for([
  ['is never written', 'hold', { seq: 2, result: { total: 5 } }],
  ['was written', 'mute', { seq: 2 }],
] as const)(
  '[R3] [R7] an append without an answer that %s ends its epoch in time, and stands once when it is asked for again',
  async ([, how, done]) => {
    const { runtime, node, log } = await startAway()
    await using _ = node
    const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
    await ann.join()
    await bob.join()
    const id = randomUUID()
    if (how === 'hold') log.hold()
    else log.failNext('mute')
    const sent = ann.send('add', { by: 5 }, { id })
    await until(() => log.appends.length === 2 && (how === 'mute' || log.held === 1))
    runtime.skip(LIMITS.appendSlowMs)
    expect(await sent).toMatchObject(NOT_KNOWN)
    runtime.skip(LIMITS.appendMs)
    await until(() => node.counted('epochs_over_total') === 1)
    runtime.skip(LIMITS.retakeMs)
    await running(node)
    // Late, and refused by the log: its epoch is over.
    log.letGo()
    expect(await ann.send('add', { by: 5 }, { id, again: true })).toEqual({ ok: true, ...done })
    expect(await ann.send('add', { by: 1 })).toMatchObject({ ok: true, seq: 3, result: { total: 6 } })
    await until(() => bob.entries.length === 2)
    expect(bob.entries.map((entry) => entry.body)).toEqual([{ by: 5 }, { by: 1 }])
  },
)

test.for(['refusing', 'silent'] as const)(
  '[R7] [R8] while the log is away (%s), whoever asks is refused at once; when it is back, so are the rooms',
  async (how) => {
    const { runtime, node, log } = await startAway()
    await using _ = node
    const ann = await node.connect()
    await ann.join()
    await ann.send('add', { by: 1 })
    const id = randomUUID()
    log.away = how
    const first = timed(runtime, ann.send('add', { by: 5 }, { id }))
    if (how === 'silent') {
      await until(() => log.missed === 1)
      runtime.skip(LIMITS.appendSlowMs)
      await first
      runtime.skip(LIMITS.appendMs)
    }
    const { answer, ms } = await first
    expect(answer).toMatchObject({ ok: false, code: 'unavailable', temporary: true })
    expect(ms).toBeLessThan(LIMITS.commandWaitMs)
    await until(() => node.gauge('shards_without_log') === 1)
    runtime.skip(LIMITS.retakeMs)
    for (let second = 0; second < 60; second++) {
      const began = performance.now()
      expect(await ann.send('add', { by: 5 }, { id, again: true })).toMatchObject(NOT_DONE)
      expect(performance.now() - began).toBeLessThan(500)
      const before = log.missed
      runtime.skip(1_000)
      // Every second, and no more often; a call that gets no answer is one try of ten seconds.
      if (how === 'refusing') await until(() => log.missed > before)
    }
    expect(log.missed).toBeLessThan(140)
    log.away = null
    runtime.skip(LIMITS.retakeMs)
    await running(node)
    expect(await ann.send('add', { by: 5 }, { id, again: true })).toMatchObject({ ok: true, seq: 3 })
    expect(node.counted('log_outages_total')).toBe(1)
    expect(node.gauge('shards_without_log')).toBe(0)
    await until(() => ann.entries.length === 2)
  },
)

test('[R7] a room that cannot be read keeps nobody waiting, and is there when it could be', async () => {
  const { runtime, node, log } = await startAway()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  await ann.send('add', { by: 1 })
  runtime.skip(61_000)
  await until(() => node.gauge('rooms_active') === 0)
  log.away = 'silent'
  const before = log.missed
  const sent = timed(runtime, ann.send('add', { by: 5 }))
  await until(() => log.missed > before)
  runtime.skip(LIMITS.roomReadMs)
  const { answer, ms } = await sent
  expect(answer).toEqual({ ...NOT_DONE, message: expect.any(String) as string })
  expect(ms).toBeLessThan(LIMITS.commandWaitMs)
  log.away = null
  expect(await ann.send('add', { by: 2 })).toMatchObject({ ok: true, seq: 3, result: { total: 3 } })
  expect(node.counted('epochs_over_total')).toBe(0)
})

test('[R11] what was given up on shows nowhere before it is durable, and is told to all when it is', async () => {
  const { runtime, node, log } = await startAway()
  await using _ = node
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  await ann.join()
  const release = log.hold()
  const sent = ann.send('say', { word: 'canary' })
  await until(() => log.held === 1)
  runtime.skip(LIMITS.appendSlowMs)
  expect(await sent).toMatchObject(NOT_KNOWN)
  expect(await bob.join()).not.toMatchObject({ ok: true, view: { words: ['canary'] } })
  expect([ann, bob].some((client) => client.saw('canary'))).toBe(false)
  release()
  await until(() => ann.entries.length === 1)
  expect(await bob.join()).toMatchObject({ ok: true })
  await until(() => bob.saw('canary'))
})

test('a room’s digest is there for the first who comes, before anything changes', async () => {
  const { node } = await startAway()
  await using _ = node
  await node.command('add', { by: 9 })
  const ann = await node.connect()
  await ann.join(ROOM)
  await until(() => ann.heard('digest').length > 0)
  expect(ann.heard('digest')[0]).toMatchObject({ room: ROOM, through: 2, body: { total: 9 } })
})

test('a kind that cannot decide harms neither its room nor its shard', async () => {
  const { node } = await startAway()
  await using _ = node
  await node.command('add', { by: 2 })
  await expect(node.command('crash', {})).rejects.toMatchObject({ code: 'refused', reason: 'kind_failed' })
  expect(await node.command('add', { by: 1 })).toEqual({ seq: 3, result: { total: 3 } })
  expect(node.counted('epochs_over_total')).toBe(0)
})
