import { randomUUID } from 'node:crypto'
import { ERRORS } from '@plenary/kinds'
import type { Entry, SendAnswer } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { shardName, shardOf } from '../owner/orders.ts'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { Follower, dense } from '../testing/follower.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { Fenced } from '../log/log.ts'

const PEOPLE = 20
const COMMANDS = 25

async function follow(node: TestNode, count: number): Promise<Follower[]> {
  const clients = await Promise.all(
    Array.from({ length: count }, (_, at) => node.connect({ user: `u-${at}` as never })),
  )
  return Promise.all(clients.map((client) => Follower.join(client)))
}

/** Says it until it is taken, or not for now alone, as a device does. */
async function say({ client }: Follower): Promise<SendAnswer> {
  const id = randomUUID()
  for (let again = false; ; again = true) {
    const answer = await client.send('add', { by: 1 }, { id, again })
    if (answer.ok || !ERRORS[answer.code].temporary) return answer
  }
}

/** All talk at once; gives the places their commands got. */
async function talk(people: readonly Follower[], commands: number): Promise<number[]> {
  const answers = await Promise.all(people.flatMap((each) => Array.from({ length: commands }, () => say(each))))
  return answers.map((answer) => (answer.ok ? answer.seq : -1)).toSorted((a, b) => a - b)
}

function expectOneOrder(people: readonly Follower[], through: number): void {
  const [first] = people
  const story = (entries: readonly Entry[]) => entries.map((entry) => `${entry.seq} ${entry.id}`)
  expect(first?.seqs).toEqual(dense(through))
  for (const each of people) expect(story(each.entries)).toEqual(story(first?.entries ?? []))
  for (const each of people) expect(each.view).toMatchObject({ total: through - 1 })
}

test('[R2] many clients sending at once all see one dense order, and their answers name their places', async () => {
  await using node = await startTestNode()
  const people = await follow(node, PEOPLE)
  const through = PEOPLE * COMMANDS + 1
  expect(await talk(people, COMMANDS)).toEqual(dense(through))
  await until(() => people.every((each) => each.cursor.seq === through))
  expectOneOrder(people, through)
})

test('[R1] [R2] [R3] with a log that breaks again and again, before and after it wrote, nothing is lost, doubled or reordered', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const people = await follow(node, 12)
  const through = 12 * 16 + 1
  log.failNext('after', 'before', 'after', 'before')
  const places: number[] = []
  for (let round = 0; round < 4; round++) {
    places.push(...(await talk(people, 4)))
    if (round < 2) log.failNext(round === 0 ? 'after' : 'before')
  }
  expect(new Set(places)).toEqual(new Set(dense(through)))
  await until(() => people.every((each) => each.cursor.seq === through))
  expect(node.counted('epochs_over_total')).toBe(6)
  expectOneOrder(people, through)
})

test('[R4] an owner whose shard another one took is fenced: its append is refused, and its clients get it right afterwards', async () => {
  await using node = await startTestNode()
  const people = await follow(node, 3)
  await talk(people, 2)
  const shard = shardName('z', shardOf(ROOM, 4))
  const usurper = await node.log.acquire(shard, (await node.log.epoch(shard)) + 1)
  const taken = await usurper.load(ROOM)
  const theirs = { ...(taken.entries.at(-1) ?? { id: '' as never, at: 0, sees: 'everyone' as const, about: null }) }
  const entry = {
    seq: 8,
    at: theirs.at,
    by: null,
    type: 'added',
    body: { by: 100 },
    id: '00000000-0000-4000-8000-000000000000',
  }
  await usurper.append([
    {
      room: ROOM,
      after: 7,
      deadline: null,
      entries: [{ ...theirs, seq: 8, id: entry.id as never, json: JSON.stringify(entry) }],
    },
  ])
  const first = people[0] ?? expect.unreachable()
  expect(await say(first)).toMatchObject({ ok: true, seq: 9, result: { total: 107 } })
  expect(node.counted('epochs_over_total')).toBe(1)
  // Both are shown: the entry that this node did not write, and its own behind it.
  await until(() => people.every((each) => each.cursor.seq === 9))
  for (const each of people) expect(each.seqs).toEqual(dense(9))
  await expect(usurper.append([{ room: ROOM, after: 9, deadline: null, entries: [] }])).rejects.toBeInstanceOf(Fenced)
})

test('[R2] [R3] [R4] two nodes that both believe they own every shard write one history', async () => {
  const one = await startFaulty()
  await using first = one.node
  await using second = await startTestNode({ id: 'node-2', beside: first })
  const people = [...(await follow(first, 4)), ...(await follow(second, 4))]
  const through = 8 * 10 + 1
  const shard = shardName('z', shardOf(ROOM, 4))
  const before = await first.log.epoch(shard)
  const places: number[] = []
  for (let round = 0; round < 5; round++) {
    places.push(...(await talk(people, 2)))
    // The one that answers now loses the shard to the log's next epoch, and takes it back.
    await first.log.acquire(shard, (await first.log.epoch(shard)) + 1)
  }
  expect(new Set(places)).toEqual(new Set(dense(through)))
  expect(await first.log.epoch(shard)).toBeGreaterThan(before + 5)
  await until(() => people.every((each) => each.cursor.seq === through))
  expectOneOrder(people, through)
})

test('[R2] a batch lost, doubled or late on the way between nodes is made up for', async () => {
  const { node, bus } = await startFaulty()
  await using _ = node
  const people = await follow(node, 5)
  const counts = new Map<string, number>()
  bus.fate = (topic) => {
    if (!topic.startsWith('room.')) return 'arrives'
    const count = counts.get(topic) ?? 0
    counts.set(topic, count + 1)
    return (['arrives', 'lost', 'twice', 'late', 'arrives', 'lost', 'late'] as const)[count % 7] ?? 'arrives'
  }
  for (let round = 0; round < 6; round++) await talk(people, 3)
  bus.fate = () => 'arrives'
  await talk(people, 1)
  const through = 5 * 19 + 1
  await until(() => people.every((each) => each.cursor.seq === through))
  expect(bus.faults).toBeGreaterThan(3)
  expect(node.counted('gaps_filled_total')).toBeGreaterThan(0)
  // The gateway repairs its stream, so that clients see no hole at all.
  expect(people.map((each) => each.holes)).toEqual([0, 0, 0, 0, 0])
  expectOneOrder(people, through)
  await Promise.all(people.map(({ client }) => roundTrip(client)))
})
