import { expect, test } from 'vitest'
import { startFaulty } from '../testing/faults.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'
import { tally } from '../testing/tally.ts'

const HOUR = 3_600_000

test('a deadline fires at its moment, once, and everyone sees what it did', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const ann = await node.connect()
  await ann.join()
  const at = runtime.now() + 40
  await ann.send('wake', { at })
  await until(() => ann.entries.some((entry) => entry.type === 'woke'))
  const woke = ann.entries.filter((entry) => entry.type === 'woke')
  expect(woke).toHaveLength(1)
  expect(woke[0]?.at).toBeGreaterThanOrEqual(at)
  expect(woke[0]?.by).toEqual({ id: 'system', name: 'system', role: 'system' })
})

test.for(['restart', 'crash'] as const)(
  'a deadline set before a %s fires after it, though nobody opened the room',
  async (how) => {
    const runtime = new SkippingRuntime()
    let node = await startTestNode({ runtime })
    await node.command('wake', { at: runtime.now() + HOUR })
    node = await node[how]()
    await using _ = node
    runtime.skip(HOUR)
    const { log } = node
    let head = 0
    await until(() => {
      void log.head(ROOM).then((seq) => (head = seq))
      return head === 3
    })
  },
)

test('a deadline that passed while no server ran fires at once', async () => {
  const runtime = new SkippingRuntime()
  const first = await startTestNode({ runtime })
  await first.command('wake', { at: runtime.now() + HOUR })
  runtime.skip(0)
  const later = new SkippingRuntime()
  later.skip(2 * HOUR)
  await using node = await first.restart({ runtime: later })
  const ann = await node.connect()
  await ann.join(ROOM, { log: node.log.id, seq: 2 })
  await until(() => node.counted('entries_total') >= 1)
  expect(await node.log.head(ROOM)).toBe(3)
})

test('a room that was put away wakes for its deadline', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  await node.command('wake', { at: runtime.now() + HOUR })
  runtime.skip(61_000)
  await until(() => node.gauge('rooms_active') === 0)
  const ann = await node.connect()
  await ann.join()
  runtime.skip(HOUR)
  await until(() => ann.entries.some((entry) => entry.type === 'woke'))
})

test('a deadline whose room could not be read is tried again', async () => {
  const runtime = new SkippingRuntime()
  const { node, log } = await startFaulty({ runtime })
  await using _ = node
  await node.command('wake', { at: runtime.now() + HOUR })
  const ann = await node.connect()
  await ann.join()
  runtime.skip(61_000)
  await until(() => node.gauge('rooms_active') === 0)
  log.refuseLoad = true
  const loads = log.refusals
  runtime.skip(HOUR)
  await until(() => log.refusals > loads)
  log.refuseLoad = false
  runtime.skip(5_000)
  await until(() => ann.entries.some((entry) => entry.type === 'woke'))
})

test('a kind that throws at its deadline harms neither its room nor its shard', async () => {
  const runtime = new SkippingRuntime()
  let asked = 0
  const broken = {
    ...tally,
    timeout: (): never => {
      asked++
      throw new Error('a broken kind')
    },
  }
  await using node = await startTestNode({ runtime, kinds: [broken] })
  const ann = await node.connect()
  await ann.join()
  await ann.send('wake', { at: runtime.now() })
  await until(() => asked === 1)
  expect(await ann.send('add', { by: 3 })).toMatchObject({ ok: true, result: { total: 3 } })
  expect(node.counted('epochs_over_total')).toBe(0)
  const before = asked
  runtime.skip(5_000)
  await until(() => asked > before)
})
