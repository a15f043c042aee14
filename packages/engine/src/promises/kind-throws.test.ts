import type { AnyKind, RoomSpec } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { shardTopic } from '../owner/orders.ts'
import type { Order } from '../owner/orders.ts'
import { startFaulty } from '../testing/faults.ts'
import { EVENT, ROOM, startTestNode, until } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'
import { tally } from '../testing/tally.ts'

/** Takes a word in half-way, and then throws at it. */
const brittle = (bad: string): AnyKind => ({
  ...tally,
  evolve(state, entry) {
    const next = tally.evolve(state as never, entry as never)
    if (JSON.stringify(entry.body).includes(bad)) throw new Error('a broken kind')
    return next
  },
})
const rooms: Record<string, RoomSpec> = Object.fromEntries(
  [ROOM, 'room-c'].map((room) => [room, { kind: 'tally', settings: {}, access: { event: EVENT } }]),
)
const failed = { ok: false, code: 'refused', reason: 'kind_failed' }

test('[R1] [R12] a kind that throws while it takes an entry in costs its own room a reading, and others nothing', async () => {
  const { node, log } = await startFaulty({ kinds: [brittle('break')], rooms, shards: 1 })
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  await ann.join('room-c')
  const release = log.hold()
  const before = ann.send('add', { by: 5 })
  await until(() => log.held === 1)
  const waiting = ann.send('add', { by: 2 })
  await ann.socket.emitWithAck('leave', { room: 'nowhere' })
  expect(await ann.send('pair', { words: ['half', 'break'] })).toMatchObject(failed)
  const elsewhere = ann.send('add', { by: 1 }, { room: 'room-c' })
  const after = ann.send('add', { by: 10 })
  release()
  expect(await before).toEqual({ ok: true, seq: 2, result: { total: 5 } })
  expect(await waiting).toEqual({ ok: true, seq: 3, result: { total: 7 } })
  expect(await elsewhere).toMatchObject({ ok: true, seq: 2 })
  expect(await after).toEqual({ ok: true, seq: 4, result: { total: 17 } })
  await until(() => ann.entries.length === 4)
  const view = { op: 'view', room: ROOM, audience: 'everyone' } satisfies Order
  const { header, payload } = await node.bus.request(shardTopic('z', 0), { header: view }, 5_000)
  expect(header).toEqual({ seq: 4 })
  expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ total: 17, words: [] })
  expect(node.counted('epochs_over_total')).toBe(0)
  expect(node.counted('rooms_set_aside_total')).toBe(1)
})

test('[R7] a room whose kind throws again and again is left alone for a while, and then goes on', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ kinds: [brittle('break')], rooms, shards: 1, runtime })
  const ann = await node.connect()
  await ann.join()
  await ann.join('room-c')
  expect(await ann.send('say', { word: 'break' })).toMatchObject(failed)
  expect(await ann.send('say', { word: 'break' })).toMatchObject(failed)
  expect(await ann.send('say', { word: 'good' })).toMatchObject({ code: 'unavailable', retryAfter: 500 })
  expect(await ann.send('say', { word: 'good' }, { room: 'room-c' })).toMatchObject({ ok: true })
  runtime.skip(501)
  expect(await ann.send('say', { word: 'good' })).toMatchObject({ ok: true, seq: 2 })
  expect(node.counted('rooms_set_aside_total')).toBe(2)
})

test('[R1] a log that a kind throws at keeps its room closed and nothing else, until a kind comes that can read it', async () => {
  let node = await startTestNode({ rooms, shards: 1 })
  await node.command('say', { word: 'break' })
  node = await node.crash({ kinds: [brittle('break')] })
  const ann = await node.connect()
  expect(await ann.join()).toMatchObject({ ok: false, code: 'unavailable', temporary: true, retryAfter: 500 })
  expect(await ann.join()).toMatchObject({ ok: false, code: 'unavailable' })
  expect(await ann.join('room-c')).toMatchObject({ ok: true })
  expect(await ann.send('add', { by: 1 }, { room: 'room-c' })).toMatchObject({ ok: true })
  expect(node.counted('epochs_over_total')).toBe(0)
  node = await node.restart({ kinds: [tally] })
  await using _ = node
  const bob = await node.connect({ user: 'bob' as never })
  expect(await bob.join()).toMatchObject({ ok: true, view: { words: ['break'] } })
})
