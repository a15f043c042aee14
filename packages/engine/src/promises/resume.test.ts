import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { Cursor, JoinAnswer } from '@plenary/kinds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bus } from '../bus/bus.ts'
import type { Order } from '../owner/orders.ts'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { Follower, dense } from '../testing/follower.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

const cursor = (node: TestNode, seq: number): Cursor => ({ log: node.log.id, seq })
const seqsOf = (answer: JoinAnswer) =>
  answer.ok && 'entries' in answer ? answer.entries.map((entry) => entry.seq) : null
const add = async (node: TestNode, count: number) => {
  await Promise.all(Array.from({ length: count }, () => node.command('add', { by: 1 })))
}

test('[R5] a client that was away gets exactly what it missed, out of the gateway’s own memory', async () => {
  await using node = await startTestNode()
  const bob = await node.connect({ user: 'bob' as never })
  const away = await Follower.join(bob)
  await add(node, 3)
  await until(() => away.cursor.seq === 4)
  bob.socket.disconnect()
  await add(node, 4)
  const back = await node.connect({ user: 'bob' as never })
  const answer = await back.join(ROOM, away.cursor)
  expect(answer).toMatchObject({ ok: true, kind: 'tally', role: 'attendee', cursor: cursor(node, 8) })
  expect(seqsOf(answer)).toEqual([5, 6, 7, 8])
  await node.command('add', { by: 1 })
  await until(() => back.batches.length === 1)
  expect(back.batches[0]).toMatchObject({ after: 8, through: 9 })
})

test('[R5] a client that missed nothing gets nothing, and goes on', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  await add(node, 2)
  await until(() => ann.entries.length === 2)
  expect(await ann.join(ROOM, cursor(node, 3))).toMatchObject({ ok: true, cursor: { seq: 3 }, entries: [] })
})

test('[R5] a cursor in the middle of a batch is served from there', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  await add(node, 1)
  const release = log.hold()
  const first = node.command('add', { by: 1 })
  await until(() => log.held === 1)
  const rest = add(node, 6)
  release()
  await Promise.all([first, rest])
  await until(() => ann.batches.at(-1)?.through === 9)
  expect(ann.batches.at(-1)).toMatchObject({ after: 3, through: 9 })
  const bob = await node.connect({ user: 'bob' as never })
  expect(seqsOf(await bob.join(ROOM, cursor(node, 6)))).toEqual([7, 8, 9])
})

test.for(['restart', 'crash'] as const)('[R5] after a %s a client gets exactly what it missed', async (how) => {
  let node = await startTestNode()
  await add(node, 10)
  node = await node[how]()
  await using _ = node
  const ann = await node.connect()
  expect(seqsOf(await ann.join(ROOM, cursor(node, 4)))).toEqual(dense(11, 5))
})

test('[R5] a client that comes back while others talk misses nothing between its answer and its first batch', async () => {
  await using node = await startTestNode()
  const talker = await node.connect({ user: 'talker' as never })
  await talker.join()
  const quiet = new AbortController()
  const done = (async () => {
    while (!quiet.signal.aborted) await node.command('add', { by: 1 })
  })()
  const followers: Follower[] = []
  for (let at = 0; at < 15; at++) {
    const client = await node.connect({ user: `u-${at}` as never })
    followers.push(await Follower.join(client))
    const resumed = await node.connect({ user: `r-${at}` as never })
    followers.push(await Follower.join(resumed, ROOM, cursor(node, 1)))
  }
  quiet.abort()
  await done
  const head = await node.log.head(ROOM)
  await until(() => followers.every((each) => each.cursor.seq === head))
  for (const each of followers) {
    expect(each.seqs).toEqual(dense(head, each.seqs[0] ?? head + 1))
    expect(each.holes).toBe(0)
    if (each.view !== null) expect(each.view).toMatchObject({ total: head - 1 })
    else expect(each.seqs[0]).toBe(2)
  }
})

describe('a long room', () => {
  let node: TestNode
  const runtime = new SkippingRuntime()
  beforeAll(async () => {
    node = await startTestNode({ runtime })
    for (let round = 0; round < 6; round++) await add(node, 1_000)
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('[R5] what is no longer in memory is read from the log', async () => {
    runtime.skip(61_000)
    await until(() => node.gauge('rooms_active') === 0)
    const ann = await node.connect()
    const answer = await ann.join(ROOM, cursor(node, 2_001))
    expect(seqsOf(answer)).toEqual(dense(6_001, 2_002))
    expect(node.counted('joins_total', 'resume')).toBe(1)
  })

  test('[R5] [R7] a gap longer than the limit is a reset with the present view, never a part of it', async () => {
    const ann = await node.connect()
    const answer = await ann.join(ROOM, cursor(node, 6_001 - LIMITS.resumeEntries - 1))
    expect(answer).toMatchObject({
      ok: true,
      reset: true,
      view: { total: 6_000 },
      cursor: { seq: 6_001 },
      mineSeq: 6_001,
    })
    const bob = await node.connect({ user: 'bob' as never })
    expect(seqsOf(await bob.join(ROOM, cursor(node, 6_001 - LIMITS.resumeEntries)))).toHaveLength(LIMITS.resumeEntries)
  })

  test('[R5] a cursor of another log, or from beyond its end, is a reset', async () => {
    const ann = await node.connect()
    expect(await ann.join(ROOM, { log: 'another', seq: 6_001 })).toMatchObject({ ok: true, reset: true })
    const bob = await node.connect({ user: 'bob' as never })
    expect(await bob.join(ROOM, cursor(node, 9_999))).toMatchObject({ ok: true, reset: true, cursor: { seq: 6_001 } })
  })

  test('[R5] somebody of another audience who comes first much later starts where the room is', async () => {
    const mod = await node.connect({ user: 'mod' as never, role: 'moderator' })
    const follower = await Follower.join(mod)
    expect(follower.view).toMatchObject({ total: 6_000, secrets: [] })
    await node.command('note', { word: 'psst' })
    await until(() => follower.cursor.seq === 6_002)
    expect(follower.resets).toBe(0)
    expect(follower.seqs).toEqual([6_002])
  })
})

test('[R5] a lost last batch is noticed when the head is said again', async () => {
  const runtime = new SkippingRuntime()
  const { node, bus } = await startFaulty({ runtime })
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  bus.fate = (topic) => (topic.endsWith('.everyone') ? 'lost' : 'arrives')
  await node.command('add', { by: 4 })
  bus.fate = () => 'arrives'
  expect(ann.entries).toEqual([])
  runtime.skip(2_000)
  await until(() => ann.entries.length === 1)
  expect(ann.batches).toMatchObject([{ after: 1, through: 2 }])
})

test('[R5] a last batch that was lost while its room was put away is asked for once the bus is whole again', async () => {
  const runtime = new SkippingRuntime()
  const { node, bus } = await startFaulty({ runtime })
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  bus.fate = (topic) => (topic.endsWith('.everyone') ? 'lost' : 'arrives')
  await node.command('add', { by: 4 })
  runtime.skip(61_000)
  await until(() => node.gauge('rooms_active') === 0)
  bus.fate = () => 'arrives'
  runtime.skip(20_000)
  await roundTrip(ann)
  expect(ann.entries).toEqual([])
  bus.heal()
  await until(() => ann.entries.length === 1)
  expect(ann.batches).toMatchObject([{ after: 1, through: 2 }])
})

test('[R5] an owner whose bus is whole again has all gateways ask how far its rooms reach, as often as it takes', async () => {
  const runtime = new SkippingRuntime()
  const { node: owner, bus } = await startFaulty({ runtime })
  await using _ = owner
  const deaf = Promise.withResolvers<void>()
  let isDeaf = false
  const wrapBus = (inner: Bus): Bus => ({
    ...inner,
    // Its own end was never cut off.
    onWhole: () => ({ close: async () => undefined }),
    async request(topic, message, timeoutMs) {
      if (!isDeaf) return inner.request(topic, message, timeoutMs)
      deaf.resolve()
      throw new PlenaryError('unavailable', 'Not now.')
    },
  })
  await using gateway = await startTestNode({
    runtime,
    beside: owner,
    wrapBus,
    id: 'node-2',
    roles: { gateway: true, owner: false },
  })
  const ann = await gateway.connect()
  await ann.join()
  bus.fate = (topic) => (topic.endsWith('.everyone') ? 'lost' : 'arrives')
  await owner.command('add', { by: 4 })
  bus.fate = () => 'arrives'
  isDeaf = true
  bus.heal()
  await deaf.promise
  isDeaf = false
  await roundTrip(ann)
  runtime.skip(1_000)
  await until(() => ann.entries.length === 1)
})

test('[R5] the own part that comes with a view is not older than it, in whatever order they are answered', async () => {
  const ahead = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  let behind = true
  const wrapBus = (inner: Bus): Bus => ({
    ...inner,
    async request(topic, message, timeoutMs) {
      const { op } = message.header as Order
      if (op === 'view') await ahead.promise
      const answer = await inner.request(topic, message, timeoutMs)
      if (op !== 'mine' || !behind) return answer
      behind = false
      asked.resolve()
      await ahead.promise
      return answer
    },
  })
  await using node = await startTestNode({ wrapBus })
  const ann = await node.connect()
  const joining = ann.join()
  await asked.promise
  await node.command('add', { by: 4 }, { by: { id: ann.user, name: 'Ann', role: 'attendee' } })
  ahead.resolve()
  expect(await joining).toMatchObject({ cursor: { seq: 2 }, view: { total: 4 }, mine: { share: 4 }, mineSeq: 2 })
})

test('[R5] a room whose channel lingered and closed is joined anew without a gap', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const ann = await node.connect()
  await ann.join()
  await ann.socket.emitWithAck('leave', { room: ROOM })
  await add(node, 2)
  expect(node.gauge('channels_active')).toBe(1)
  runtime.skip(31_000)
  await until(() => node.gauge('channels_active') === 0)
  await add(node, 2)
  expect(seqsOf(await ann.join(ROOM, cursor(node, 2)))).toEqual([3, 4, 5])
  await add(node, 1)
  await until(() => ann.entries.length === 1)
})

test('[R5] a channel is not closed under somebody who is coming in', async () => {
  const runtime = new SkippingRuntime()
  const { node, log } = await startFaulty({ runtime })
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  await ann.socket.emitWithAck('leave', { room: ROOM })
  runtime.skip(29_500)
  const release = log.hold()
  const first = node.command('add', { by: 1 })
  await until(() => log.held === 1)
  // The answer waits for what is not durable yet; the time to linger ends meanwhile.
  const joining = ann.join()
  await ann.socket.emitWithAck('leave', { room: 'nowhere' })
  runtime.skip(600)
  await new Promise<void>((resolve) => runtime.after(0, resolve))
  await ann.socket.emitWithAck('leave', { room: 'nowhere' })
  release()
  await first
  expect(await joining).toMatchObject({ ok: true })
  await node.command('add', { by: 1 })
  await until(() => ann.batches.at(-1)?.through === 3)
})

test('who leaves while coming in is not in the room', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  await bob.join()
  const release = log.hold()
  const first = node.command('add', { by: 1 })
  await until(() => log.held === 1)
  const joining = ann.join()
  expect(await ann.socket.emitWithAck('leave', { room: ROOM })).toEqual({ ok: true })
  const again = ann.join()
  expect(await ann.socket.emitWithAck('leave', { room: ROOM })).toEqual({ ok: true })
  release()
  await first
  expect(await joining).toMatchObject({ ok: false, code: 'conflict' })
  expect(await again).toMatchObject({ ok: false, code: 'conflict' })
  expect(await ann.send('add', { by: 1 })).toMatchObject({ code: 'forbidden' })
})
