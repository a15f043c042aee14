import type { Cursor, UserId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { Follower } from '../testing/follower.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

const whisper = (node: TestNode, to: string) => node.command('whisper', { word: 'psst', to })
const add = (node: TestNode) => node.command('add', { by: 1 })
/** What this user may see of the room, by the log. */
async function visibleTo(node: TestNode, user: UserId, after: number): Promise<number[]> {
  const entries = await node.log.read(ROOM, { after, through: 10_000, limit: 10_000, reader: 'all' })
  return entries.filter(({ sees }) => sees === 'everyone' || sees === `only:${user}`).map(({ seq }) => seq)
}

test('[R7] an entry for one person wakes nobody else, and what follows for all leads on over it', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  const bob = await node.connect({ user: 'bob' as never })
  await ann.join()
  await bob.join()
  for (let times = 0; times < 3; times++) await whisper(node, ann.user)
  await until(() => ann.entries.length === 3)
  await roundTrip(bob)
  expect(bob.batches).toEqual([])
  await add(node)
  await until(() => ann.entries.length === 4 && bob.entries.length === 1)
  expect(bob.batches).toMatchObject([{ after: 1, through: 5, entries: [{ seq: 5 }] }])
  expect(ann.batches.map(({ through }) => through)).toEqual([2, 3, 4, 5])
  expect(node.counted('deliveries_total')).toBe(5)
})

test('[R5] who was told of nothing for a while is told once how far the room reaches', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  await ann.join()
  await bob.join()
  for (let times = 0; times < 3; times++) await whisper(node, ann.user)
  await until(() => ann.entries.length === 3)
  runtime.skip(1_000)
  await until(() => bob.batches.length === 1)
  runtime.skip(1_000)
  await roundTrip(bob)
  expect(bob.batches).toEqual([{ room: ROOM, after: 1, through: 4, entries: [] }])
  expect(ann.batches.map(({ through }) => through)).toEqual([2, 3, 4])
})

test('[R5] whatever is for some alone or lost on the way: each follows without a hole and gets what the log has for it', async () => {
  type Step = 'whisper ann' | 'whisper bob' | 'add' | 'lose' | 'join' | 'advance' | 'leave and resume'
  const steps = fc.array(
    fc.constantFrom<Step>('whisper ann', 'whisper bob', 'add', 'lose', 'join', 'advance', 'leave and resume'),
    { minLength: 5, maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const runtime = new SkippingRuntime()
      const { node, bus } = await startFaulty({ runtime })
      await using _ = node
      const started = new Map<Follower, number>()
      const join = async (user: string, cursor?: Cursor) => {
        const follower = await Follower.join(await node.connect({ user: user as never }), ROOM, cursor)
        const [first] = follower.entries
        started.set(follower, cursor?.seq ?? (first === undefined ? follower.cursor.seq : first.seq - 1))
      }
      await join('ann')
      await join('bob')
      for (const step of script) {
        if (step === 'whisper ann' || step === 'whisper bob') await whisper(node, step.slice(8))
        else if (step === 'add') await add(node)
        else if (step === 'lose') {
          bus.fate = (topic) => (topic.endsWith('.everyone') ? 'lost' : 'arrives')
          await whisper(node, 'ann')
          bus.fate = () => 'arrives'
        } else if (step === 'advance') runtime.skip(1_000)
        else if (step === 'join') await join('ann')
        else {
          const [oldest] = started.keys()
          if (oldest === undefined) continue
          started.delete(oldest)
          oldest.client.socket.disconnect()
          await join(oldest.client.user, oldest.cursor)
        }
      }
      await add(node)
      const head = await node.log.head(ROOM)
      await until(() => [...started.keys()].every(({ cursor }) => cursor.seq === head))
      for (const [follower, after] of started) {
        expect(follower.holes).toBe(0)
        expect(follower.seqs).toEqual(await visibleTo(node, follower.client.user, after))
      }
    }),
    { numRuns: 15 },
  )
})
