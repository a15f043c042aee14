import { polls } from '@plenary/kinds'
import type { CommandId, JoinView, PollsMine, RoomSpec, UserId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { EVENT, ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestClient, TestNode, TestNodeOptions } from '../testing/harness.ts'
import { bytesOf, unmasked } from '../testing/unmask.ts'

const ROOMS: Record<string, RoomSpec> = { [ROOM]: { kind: 'polls', settings: {}, access: { event: EVENT } } }
const POLL = {
  title: 'Strike?',
  form: { type: 'choice', options: ['Yes', 'No'] },
  privacy: 'secret',
}

interface Voter {
  user: UserId
  command: CommandId
  client: TestClient
}

async function open(more: TestNodeOptions = {}): Promise<{ node: TestNode; staff: TestClient; poll: CommandId }> {
  const node = await startTestNode({ kinds: [polls], rooms: ROOMS, ...more })
  const staff = await node.connect({ user: 'staff' as UserId, name: 'Staff', role: 'owner' })
  await staff.join()
  const poll = randomUUID() as CommandId
  expect(await staff.send('draft', POLL, { id: poll })).toMatchObject({ ok: true })
  expect(await staff.send('open', { poll })).toMatchObject({ ok: true })
  return { node, staff, poll }
}

/** Each votes once; the first of them for another option than all others. */
async function vote(node: TestNode, poll: CommandId, people: number): Promise<Voter[]> {
  const voters: Voter[] = []
  for (let at = 0; at < people; at++) {
    const user = `voter-${at}` as UserId
    const client = await node.connect({ user, name: `Voter ${at}` })
    await client.join()
    const command = randomUUID() as CommandId
    const answer = { picks: [at === 0 ? 0 : 1] }
    expect(await client.send('vote', { poll, answer }, { id: command })).toMatchObject({ ok: true })
    voters.push({ user, command, client })
  }
  return voters
}
const mineOf = async (client: TestClient) => ((await client.join()) as unknown as JoinView).mine as unknown as PollsMine
/** What everyone is told at the end. */
async function closed(staff: TestClient, poll: CommandId): Promise<unknown> {
  expect(await staff.send('close', { poll })).toMatchObject({ ok: true })
  await until(() => staff.entries.some(({ type }) => type === 'tally'))
  const tally = staff.entries.findLast(({ type }) => type === 'tally')?.body as { results: Record<CommandId, unknown> }
  return tally.results[poll]
}

test('[R6] while a secret poll is open nobody is shown more than how many have voted, and each their own vote on all devices', async () => {
  const { node, staff, poll } = await open()
  await using _ = node
  const other = await node.connect({ user: 'voter-0' as UserId })
  await other.join()
  const voters = await vote(node, poll, 3)
  await until(() => staff.heard('digest').some(({ body }) => JSON.stringify(body).includes('"votes":3')))
  expect(other.heard('mine').at(-1)).toMatchObject({ mine: { votes: { [poll]: { answer: { picks: [0] } } } } })
  expect((await mineOf(other)).votes[poll]?.answer).toEqual({ picks: [0] })
  for (const client of [staff, ...voters.slice(1).map((voter) => voter.client)]) {
    const told = JSON.stringify(client.told.filter(({ event }) => event !== 'presence' && event !== 'welcome'))
    expect(told).not.toContain('voter-')
    expect(told).not.toContain('counts')
    expect(client.entries.map(({ type }) => type)).not.toContain('vote')
  }
  const entries = await node.node.entries(
    ROOM,
    { user: 'staff' as UserId, name: '', event: EVENT, role: 'owner', issuedAt: Date.now() + 60_000 },
    { limit: 100 },
  )
  expect(entries.entries.map(({ type }) => type)).toEqual(['draft', 'open'])
})

test('[R6] after a secret poll is closed its files lead from no ballot to a voter, nor does anything that is answered', async () => {
  const { node, staff, poll } = await open()
  await using _ = node
  const voters = await vote(node, poll, 5)
  // The very same attack, while there still is a key.
  expect(unmasked(await bytesOf(node.folder), voters).toSorted()).toEqual(voters.map(({ user }) => user).toSorted())
  expect(await closed(staff, poll)).toEqual({ votes: 5, counts: [1, 4] })
  for (const { client } of voters) expect(await mineOf(client)).toEqual({ votes: {}, points: 0 })
  await using again = await node.restart()
  const bytes = await bytesOf(again.folder)
  expect(unmasked(bytes, voters)).toEqual([])
  for (const { user, command } of voters) {
    expect(bytes.includes(user)).toBe(false)
    expect(bytes.includes(command)).toBe(false)
  }
})

test('[R6] a key that is kept would lead to every voter: the test above fails then', async () => {
  const { node, staff, poll } = await open({ wrapKeys: (keys) => ({ ...keys, destroy: async () => undefined }) })
  await using _ = node
  const voters = await vote(node, poll, 3)
  await closed(staff, poll)
  expect(unmasked(await bytesOf(node.folder), voters).toSorted()).toEqual(voters.map(({ user }) => user).toSorted())
})

test('[R6] all ballots of a secret poll have one time and no author in the log', async () => {
  const { node, staff, poll } = await open()
  await using _ = node
  await vote(node, poll, 4)
  await closed(staff, poll)
  const log = await node.log.read(ROOM, { after: 0, through: 100, limit: 100, reader: 'all' })
  const ballots = log.filter(({ json }) => json.includes('"type":"vote"'))
  expect(ballots).toHaveLength(4)
  expect(new Set(ballots.map(({ at }) => at)).size).toBe(1)
  for (const { json, sees } of ballots) {
    expect(sees).toBe('nobody')
    expect(JSON.parse(json)).toMatchObject({ by: null, body: { afterMs: 0 } })
  }
})

test.for(['restart', 'crash'] as const)(
  '[R8] a secret poll goes on over a %s of its owner: one vote each, still their own',
  async (how) => {
    const { node, poll } = await open()
    const [first] = await vote(node, poll, 2)
    const next = await node[how]()
    await using _ = next
    const again = await next.connect({ user: 'voter-0' as UserId })
    expect((await mineOf(again)).votes[poll]?.answer).toEqual({ picks: [0] })
    // The same command once more, and another vote of the same person.
    expect(
      await again.send('vote', { poll, answer: { picks: [0] } }, { id: first?.command ?? '', again: true }),
    ).toMatchObject({ ok: true })
    expect(await again.send('vote', { poll, answer: { picks: [1] } })).toMatchObject({ ok: true })
    const staff = await next.connect({ user: 'staff' as UserId, role: 'owner' })
    await staff.join()
    expect(await closed(staff, poll)).toEqual({ votes: 2, counts: [0, 2] })
  },
)

test('[R6] a key that its owner could not destroy before it ended is destroyed by the next', async () => {
  const { node, staff, poll } = await open({
    wrapKeys: (keys) => ({ ...keys, destroy: () => Promise.reject(new Error('ended before')) }),
  })
  const voters = await vote(node, poll, 2)
  await closed(staff, poll)
  const next = await node.restart({ wrapKeys: (keys) => keys })
  await using _ = next
  // Nobody opens the room.
  const deadline = performance.now() + 5_000
  while (unmasked(await bytesOf(node.folder), voters).length > 0)
    if (performance.now() > deadline) throw new Error('The key is still there.')
  expect(unmasked(await bytesOf(node.folder), voters)).toEqual([])
})

test('[R3] a ballot sent twice counts once', async () => {
  const { node, staff, poll } = await open()
  await using _ = node
  const [ann, too] = await Promise.all([node.connect(), node.connect()])
  await ann.join()
  await too.join()
  const id = randomUUID()
  const body = { poll, answer: { picks: [0] } }
  const answers = await Promise.all([ann, too, ann].map((client) => client.send('vote', body, { id })))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await closed(staff, poll)).toEqual({ votes: 1, counts: [1, 0] })
})

test('without a store for keys nothing is opened in secret', async () => {
  const node = await startTestNode({ kinds: [polls], rooms: ROOMS, wrapKeys: () => null })
  await using _ = node
  const staff = await node.connect({ role: 'owner' })
  await staff.join()
  const poll = randomUUID()
  await staff.send('draft', POLL, { id: poll })
  expect(await staff.send('open', { poll })).toMatchObject({ ok: false, code: 'refused', reason: 'no_secret_keys' })
})
