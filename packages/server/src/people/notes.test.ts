import { PlenaryError } from '@plenary/kinds'
import { expect, test, vi } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'

const ROOMS = [
  { kind: 'chat', title: 'Chat' },
  { kind: 'stage', title: 'Stage' },
]

async function evening(harness: Harness) {
  const { event, pass, user } = await harness.createEvent()
  const guest = await harness.person(event, pass, 'attendee')
  const change = async (body: object) =>
    (await harness.ask('PUT', `/api/events/${event.id}/people/${guest.user}`, { bearer: pass, body })).status
  const stage = event.rooms.find(({ kind }) => kind === 'stage')?.id
  return { stage, owner: user, guest: guest.user, change }
}
const left = async ({ platform: { store } }: Harness) => (await store.selectFrom('note').selectAll().execute()).length

test('whoever bans somebody, lets them in again or gives them a role has it in the log of the stage', async () => {
  await using harness = await openHarness({}, undefined, ROOMS)
  const { stage, owner, guest, change } = await evening(harness)
  await change({ name: 'Ben', banned: true })
  await change({ name: 'Ben', banned: true })
  await change({ name: 'Ben', banned: false, role: 'moderator' })
  await vi.waitFor(async () => expect(await left(harness)).toBe(0))
  const note = { by: { id: owner, name: 'Organiser' }, user: guest, name: 'Ben' }
  expect(harness.told).toEqual([
    { room: stage, type: 'noted', body: { ...note, did: 'banned', role: 'attendee' } },
    { room: stage, type: 'noted', body: { ...note, did: 'given', role: 'moderator' } },
    { room: stage, type: 'noted', body: { ...note, did: 'admitted', role: 'moderator' } },
  ])
})

test('what was refused is noted nowhere', async () => {
  await using harness = await openHarness({}, undefined, ROOMS)
  const { guest } = await evening(harness)
  const { event, pass } = await harness.createEvent('Another')
  const moderator = await harness.person(event, pass, 'moderator')
  await vi.waitFor(async () => expect(await left(harness)).toBe(0))
  harness.told.length = 0
  const path = `/api/events/${event.id}/people/${guest}`
  const refused = { bearer: moderator.pass, body: { name: 'Ben', role: 'producer' } }
  expect((await harness.ask('PUT', path, refused)).status).toBe(403)
  expect([harness.told, await left(harness)]).toEqual([[], 0])
})

test('[R3] a note that its room could not take is told again until it is taken, and the ban stands meanwhile', async () => {
  await using harness = await openHarness({}, undefined, ROOMS)
  const { stage, change } = await evening(harness)
  const { tell } = harness.platform.node
  const ids: string[] = []
  harness.platform.node.tell = async (_, { id }) => {
    ids.push(id)
    throw new PlenaryError('unavailable', 'The log is away.')
  }
  expect(await change({ name: 'Ben', banned: true })).toBe(200)
  await vi.waitFor(() => expect(ids).toHaveLength(1))
  harness.platform.node.tell = async (room, command) => {
    ids.push(command.id)
    await tell(room, command)
  }
  await using _ = harness.platform.notes.follow()
  await vi.waitFor(async () => expect(await left(harness)).toBe(0))
  expect(harness.told.map(({ room }) => room)).toEqual([stage])
  expect(new Set(ids).size).toBe(1)
})

test('a note that its room refuses for good holds up no other', async () => {
  await using harness = await openHarness({}, undefined, ROOMS)
  const { change } = await evening(harness)
  harness.platform.node.tell = () => Promise.reject(new PlenaryError('not_found', 'There is no such room.'))
  await change({ name: 'Ben', banned: true })
  await vi.waitFor(async () => expect(await left(harness)).toBe(0))
})
