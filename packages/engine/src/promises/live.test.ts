import { expect, test } from 'vitest'
import type { LiveHeader } from '../owner/orders.ts'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestClient } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

const wave = (client: TestClient, hand: unknown) =>
  client.socket.emit('signal', { room: ROOM, type: 'wave', body: { hand } })

test('a signal reaches all others in the room and not its sender, with the sender’s name', async () => {
  await using node = await startTestNode()
  const [ann, bob, tab] = [await node.connect(), await node.connect({ user: 'bob' as never }), await node.connect()]
  for (const client of [ann, bob, tab]) await client.join()
  wave(ann, 'left')
  await until(() => bob.heard('signal').length === 1 && tab.heard('signal').length === 1)
  expect(bob.heard('signal')).toEqual([
    { room: ROOM, by: { id: 'ann', name: 'Ann' }, type: 'wave', body: { hand: 'left' } },
  ])
  await roundTrip(ann)
  expect(ann.heard('signal')).toEqual([])
  expect(await node.log.head(ROOM)).toBe(1)
})

test('[R7] gathered signals of many reach everyone as sums, of nobody by name, and few however many there are', async () => {
  await using node = await startTestNode()
  const people = await Promise.all(['ann', 'bob', 'cat', 'dan'].map((user) => node.connect({ user: user as never })))
  for (const client of people) await client.join()
  const [ann] = people
  if (ann === undefined) throw new Error('Ann is there.')
  for (const client of people)
    for (let at = 0; at < 3; at++) client.socket.emit('signal', { room: ROOM, type: 'applaud', body: { claps: 2 } })
  const claps = (client: TestClient) =>
    client.heard('signal').reduce((sum, { body }) => sum + (body as { claps: number }).claps, 0)
  await until(() => people.every((client) => claps(client) === 24))
  // What is sent in one beat is told once; a beat may have begun meanwhile.
  expect(ann.heard('signal').length).toBeLessThanOrEqual(4)
  expect(ann.heard('signal').map(({ by }) => by)).toEqual(ann.heard('signal').map(() => null))
  expect(await node.log.head(ROOM)).toBe(1)
})

test('[R7] signals over their rate, of no known type, malformed or from outside the room are dropped in silence', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  const eve = await node.connect({ user: 'eve' as never })
  await ann.join()
  await bob.join()
  wave(eve, 'outside')
  wave(ann, 5)
  ann.socket.emit('signal', { room: ROOM, type: 'toString', body: {} })
  ann.socket.emit('signal', null as never)
  await roundTrip(eve)
  await roundTrip(ann)
  expect(node.counted('signals_total', 'dropped')).toBe(4)
  for (let at = 0; at < 20; at++) wave(ann, `${at}`)
  await roundTrip(ann)
  await until(() => bob.heard('signal').length >= 4)
  await roundTrip(bob)
  expect(bob.heard('signal').length).toBeLessThanOrEqual(6)
  expect(node.counted('signals_total', 'sent')).toBe(bob.heard('signal').length)
  runtime.skip(1_000)
  wave(ann, 'later')
  await until(() => bob.heard('signal').some((signal) => JSON.stringify(signal.body).includes('later')))
})

test('[R7] digests go out no more often than their kind says, and the last one tells the end', async () => {
  const { node, bus } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  const times: number[] = []
  bus.fate = (_topic, { header }) => {
    if ((header as LiveHeader).live === 'digest') times.push(performance.now())
    return 'arrives'
  }
  const begin = performance.now()
  let total = 0
  while (performance.now() - begin < 450) {
    await node.command('add', { by: 1 })
    total++
  }
  await until(() => JSON.stringify(ann.heard('digest').at(-1)?.body) === JSON.stringify({ total }))
  expect(times.length).toBeGreaterThan(2)
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  // Timers count in whole milliseconds.
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(99)
  const throughs = ann.heard('digest').map((digest) => digest.through)
  expect(throughs).toEqual(throughs.toSorted((a, b) => a - b))
})

test('a digest is there for who comes later', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  await ann.send('add', { by: 9 })
  await until(() => ann.heard('digest').some((digest) => digest.through === 2))
  const bob = await node.connect({ user: 'bob' as never })
  await bob.join()
  await until(() => bob.heard('digest').length > 0)
  expect(bob.heard('digest')[0]).toMatchObject({ room: ROOM, through: 2, body: { total: 9 } })
})

/** What a client makes of the presence it is told. */
function present(client: TestClient): { total: number; names: string[] } {
  const names = new Map<string, string>()
  let total = 0
  for (const told of client.heard('presence')) {
    total = told.total
    if (told.sample !== undefined) names.clear()
    for (const { id, name } of [...(told.sample ?? []), ...(told.joined ?? [])]) names.set(id, name)
    for (const id of told.left ?? []) names.delete(id)
  }
  return { total, names: [...names.values()].toSorted() }
}

test('everyone knows who has come and gone, over one or more sockets and in whatever way they go', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const bob = await node.connect({ user: 'bob' as never, name: 'Bob' })
  const tab = await node.connect({ user: 'bob' as never, name: 'Bob' })
  await bob.join()
  await tab.join()
  const cid = await node.connect({ user: 'cid' as never, name: 'Cid' })
  await cid.join()
  for (const client of [ann, bob, cid]) {
    await until(() => present(client).total === 3 && present(client).names.join() === 'Ann,Bob,Cid')
  }
  tab.socket.disconnect()
  cid.socket.disconnect()
  await until(() => present(ann).names.join() === 'Ann,Bob')
  await bob.socket.emitWithAck('leave', { room: ROOM })
  await until(() => present(ann).names.join() === 'Ann' && present(ann).total === 1)
})
