import { LIMITS } from '@plenary/kinds'
import type { CommandId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFaulty } from '../testing/faults.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

const fresh = () => randomUUID() as CommandId

test('[R3] one id sent twice at the same moment, from two sockets, stands once and answers both', async () => {
  await using node = await startTestNode()
  const [ann, too] = await Promise.all([node.connect(), node.connect()])
  await ann.join()
  await too.join()
  const id = fresh()
  const answers = await Promise.all([ann, too, ann, too].map((client) => client.send('add', { by: 5 }, { id })))
  for (const answer of answers) expect(answer).toEqual({ ok: true, seq: 2, result: { total: 5 } })
  await ann.send('add', { by: 1 })
  await until(() => ann.entries.length === 2)
  expect(ann.entries.map((entry) => entry.body)).toEqual([{ by: 5 }, { by: 1 }])
})

test('[R3] one id in another writing is the same id', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const id = fresh()
  await ann.send('add', { by: 5 }, { id })
  expect(await ann.send('add', { by: 5 }, { id: id.toUpperCase() })).toMatchObject({ ok: true, seq: 2 })
  expect(await ann.send('add', { by: 1 })).toMatchObject({ seq: 3 })
})

test('[R3] a command repeated after its answer gets the same answer, however much came between', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const id = fresh()
  const first = await ann.send('pair', { words: ['a', 'b'] }, { id })
  expect(first).toEqual({ ok: true, seq: 3 })
  for (let times = 0; times < 5; times++) await ann.send('add', { by: 1 })
  expect(await ann.send('pair', { words: ['a', 'b'] }, { id })).toEqual(first)
  expect(await ann.send('pair', { words: ['a', 'b'] }, { id, again: true })).toEqual(first)
})

test('[R3] what changed nothing may be asked again, and answers anew', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const id = fresh()
  expect(await ann.send('nothing', {}, { id })).toEqual({ ok: true, seq: 1 })
  expect(await ann.send('never', {}, { id })).toMatchObject({ ok: false, reason: 'never' })
  expect(await ann.send('nothing', {}, { id, again: true })).toEqual({ ok: true, seq: 1 })
})

test.for(['restart', 'crash'] as const)(
  '[R3] a command repeated after a %s is found, with one or several entries',
  async (how) => {
    let node = await startTestNode()
    const ids = [fresh(), fresh()]
    await node.command('add', { by: 5 }, { id: ids[0] ?? fresh() })
    await node.command('pair', { words: ['a', 'b'] }, { id: ids[1] ?? fresh() })
    node = await node[how]()
    await using _ = node
    const ann = await node.connect()
    await ann.join()
    expect(await ann.send('pair', { words: ['a', 'b'] }, { id: String(ids[1]), again: true })).toMatchObject({
      ok: true,
      seq: 4,
    })
    expect(await ann.send('add', { by: 5 }, { id: String(ids[0]), again: true })).toMatchObject({ ok: true, seq: 2 })
    expect(await ann.send('add', { by: 1 })).toMatchObject({ ok: true, seq: 5, result: { total: 6 } })
  },
)

test('[R3] a repeated command need not say so, also after a restart: the newest ones of a room are remembered', async () => {
  const before = await startTestNode()
  const [first, second] = [fresh(), fresh()]
  await before.command('add', { by: 5 }, { id: first })
  await before.command('add', { by: 2 }, { id: second })
  await using node = await before.restart()
  // Both at once, the room being read only now.
  const answers = await Promise.all([second, first].map((id) => node.command('add', { by: 5 }, { id })))
  expect(answers).toEqual([{ seq: 3 }, { seq: 2 }])
  expect(await node.command('add', { by: 1 })).toEqual({ seq: 4, result: { total: 8 } })
})

test('[R3] a command repeated after its room was put away is found', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const id = fresh()
  await node.command('add', { by: 5 }, { id })
  expect(node.gauge('rooms_active')).toBe(1)
  runtime.skip(61_000)
  await until(() => node.gauge('rooms_active') === 0)
  expect(await node.command('add', { by: 5 }, { id, again: true })).toMatchObject({ seq: 2 })
  expect(await node.command('add', { by: 1 })).toMatchObject({ seq: 3, result: { total: 6 } })
})

test('[R3] a repeated command that must be looked up keeps its place among those that follow it', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const id = fresh()
  const release = log.hold()
  const first = node.command('add', { by: 1 }, { id })
  await until(() => log.held === 1)
  const repeated = [node.command('add', { by: 1 }, { id, again: true }), node.command('add', { by: 1 }, { id })]
  const next = node.command('add', { by: 10 })
  release()
  expect(await Promise.all([first, ...repeated])).toEqual(
    Array.from({ length: 3 }, () => ({ seq: 2, result: { total: 1 } })),
  )
  expect(await next).toEqual({ seq: 3, result: { total: 11 } })
})

describe('beyond what a room keeps in memory', () => {
  const old = fresh()
  const pair = fresh()
  let node: TestNode
  beforeAll(async () => {
    node = await startTestNode()
    await node.command('add', { by: 1 }, { id: old })
    await node.command('pair', { words: ['a', 'b'] }, { id: pair })
    await Promise.all(Array.from({ length: LIMITS.dedupePerRoom + 10 }, () => node.command('add', { by: 1 })))
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('[R3] a command marked `again` is found in the log', async () => {
    const head = await node.log.head(ROOM)
    const answers = await Promise.all([
      node.command('add', { by: 1 }, { id: old, again: true }),
      node.command('pair', { words: ['a', 'b'] }, { id: pair, again: true }),
      node.command('add', { by: 1 }, { id: old, again: true }),
    ])
    expect(answers.map((answer) => answer.seq)).toEqual([2, 4, 2])
    expect(await node.log.head(ROOM)).toBe(head)
  })

  test('[R3] a first copy that was long on its way is found by how far its sender had seen', async () => {
    const head = await node.log.head(ROOM)
    const ann = await node.connect()
    await ann.join()
    expect(await ann.send('add', { by: 1 }, { id: old, seen: 1 })).toEqual({ ok: true, seq: 2 })
    expect(await ann.send('pair', { words: ['a', 'b'] }, { id: pair, seen: 2 })).toEqual({ ok: true, seq: 4 })
    expect(await node.log.head(ROOM)).toBe(head)
  })

  test('[R3] of an unknown command marked `again`, sent twice at once, one is carried out', async () => {
    const head = await node.log.head(ROOM)
    const id = fresh()
    const answers = await Promise.all([1, 2, 3].map(() => node.command('add', { by: 1 }, { id, again: true })))
    expect(answers.map((answer) => answer.seq)).toEqual([head + 1, head + 1, head + 1])
  })
})
