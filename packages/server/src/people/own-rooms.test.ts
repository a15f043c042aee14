import type { api, EventId, UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'

interface Made {
  event: api.EventInfo
  pass: string
}

async function createRoom(harness: Harness, more: object = {}): Promise<Made> {
  const { status, body } = await harness.ask<Made>('POST', '/api/rooms', {
    body: { kind: 'chat', title: 'Us', name: 'Ada', ...more },
  })
  expect(status).toBe(201)
  return body
}

const invite = (harness: Harness, { event, pass }: Made, role: string, on = true) =>
  harness.ask<{ invitation: api.Invitation | null }>('PUT', `/api/events/${event.id}/invitations/${role}`, {
    bearer: pass,
    body: { on },
  })

test('a room on its own is made without an event: one room, its maker owns it, and its code lets others in', async () => {
  await using harness = await openHarness()
  const { event, pass } = await createRoom(harness)
  expect(event).toMatchObject({ form: 'room', door: 'open', title: 'Us', rooms: [{ kind: 'chat', title: 'Us' }] })
  const joined = await harness.join(event.code, 'Bo')
  expect(joined.me).toMatchObject({ name: 'Bo', role: 'attendee' })
  const rooms = await harness.ask('GET', '/api/rooms', { bearer: pass })
  expect(rooms.body).toMatchObject({ rooms: [{ id: event.id, role: 'owner' }] })
  expect((await harness.ask('GET', '/api/rooms?kind=stage', { bearer: pass })).body).toEqual({ rooms: [] })
  expect((await harness.ask('GET', '/api/events', { bearer: pass })).body).toEqual({ events: [] })
})

test('whoever comes in is on its list, and their pass has room for as many events as before', async () => {
  await using harness = await openHarness()
  const { event } = await createRoom(harness)
  const joined = await harness.join(event.code, 'Bo')
  expect((await harness.platform.tickets.readPass(joined.pass)).joined).toEqual([])
  const renewed = await harness.ask('POST', '/api/ticket', { body: { pass: joined.pass, event: event.id } })
  expect(renewed).toMatchObject({ status: 200, body: { me: { role: 'attendee' } } })
  expect((await harness.ask('GET', '/api/rooms', { bearer: joined.pass })).body).toMatchObject({
    rooms: [{ id: event.id, role: 'attendee' }],
  })
})

test('kinds that have no business outside an event are refused, and so are settings that are none', async () => {
  await using harness = await openHarness()
  const ask = (body: object) => harness.ask('POST', '/api/rooms', { body: { title: 'X', ...body } })
  expect(await ask({ kind: 'stage' })).toMatchObject({ status: 403 })
  expect(await ask({ kind: 'nothing' })).toMatchObject({ status: 403 })
  expect(await ask({ kind: 'chat', settings: { colour: 'red' } })).toMatchObject({ status: 400 })
  expect(await harness.platform.store.selectFrom('event').selectAll().execute()).toEqual([])
})

test('[R6] a closed door lets in members and those with an invitation, and tells nobody else that it is there', async () => {
  await using harness = await openHarness()
  const made = await createRoom(harness, { door: 'closed' })
  const { code, id } = made.event
  expect(await harness.ask('GET', `/api/codes/${code}`)).toMatchObject({ status: 404 })
  expect(await harness.ask('POST', '/api/join', { body: { code, name: 'Eve' } })).toMatchObject({ status: 404 })
  const { body } = await invite(harness, made, 'attendee')
  const invited = await harness.join(body.invitation?.code ?? '', 'Bo')
  expect(invited.event.id).toBe(id)
  // A member by now: the room's own code lets them in as well.
  expect((await harness.join(code, 'Bo', invited.pass)).me.id).toBe(invited.me.id)
})

test('an invitation lets in with its role, keeps a better one, and opens nothing once it is taken back', async () => {
  await using harness = await openHarness()
  const made = await createRoom(harness)
  const code = (await invite(harness, made, 'moderator')).body.invitation?.code ?? ''
  expect((await invite(harness, made, 'moderator')).body.invitation?.code).toBe(code)
  expect((await harness.ask('GET', `/api/codes/${code}`)).body).toMatchObject({ code, id: made.event.id })
  const helper = await harness.join(code, 'Bo')
  expect(helper.me.role).toBe('moderator')
  expect((await harness.join(code, 'Ada', made.pass)).me.role).toBe('owner')
  expect((await harness.join(made.event.code, 'Bo', helper.pass)).me.role).toBe('moderator')
  expect((await invite(harness, made, 'moderator', false)).body).toEqual({ invitation: null })
  expect(await harness.ask('GET', `/api/codes/${code}`)).toMatchObject({ status: 404 })
  const again = (await invite(harness, made, 'moderator')).body.invitation?.code
  expect(again).not.toBe(code)
})

test('an event invites its speakers the same way', async () => {
  await using harness = await openHarness()
  const made = await harness.createEvent()
  const code = (await invite(harness, made, 'speaker')).body.invitation?.code ?? ''
  expect((await harness.join(code, 'Cy')).me.role).toBe('speaker')
})

test('[R6] nobody invites to a role that they may not give, a ban holds against an invitation, and no event takes its code', async () => {
  await using harness = await openHarness()
  const made = await harness.createEvent()
  const producer = await harness.person(made.event, made.pass, 'producer')
  const guest = await harness.person(made.event, made.pass, 'attendee')
  expect(await invite(harness, { ...made, pass: producer.pass }, 'producer')).toMatchObject({ status: 403 })
  expect(await invite(harness, { ...made, pass: guest.pass }, 'attendee')).toMatchObject({ status: 403 })
  const owners = (await invite(harness, made, 'owner')).body.invitation?.code ?? ''
  const list = await harness.ask('GET', `/api/events/${made.event.id}/invitations`, { bearer: producer.pass })
  expect(list.body).toEqual({ invitations: [] })
  await harness.ask('PUT', `/api/events/${made.event.id}/people/${guest.user}`, {
    bearer: made.pass,
    body: { name: 'G', banned: true },
  })
  const back = await harness.ask('POST', '/api/join', { body: { code: owners, name: 'G', pass: guest.pass } })
  expect(back).toMatchObject({ status: 403, body: { reason: 'banned' } })
  const other = await harness.createEvent()
  const taken = await harness.ask('PATCH', `/api/events/${other.event.id}`, {
    bearer: other.pass,
    body: { code: owners },
  })
  expect(taken).toMatchObject({ status: 409 })
})

/** Rooms in which these people wait, one each. */
async function waiting(harness: Harness, ...people: string[]): Promise<EventId[]> {
  const { store, quickMatch } = harness.platform
  const events: EventId[] = []
  for (const person of people) {
    const { event } = await createRoom(harness)
    await store.transaction().execute((tx) => quickMatch.wait(tx, event.id, 'chess', person as UserId))
    events.push(event.id)
  }
  return events
}
const ada = 'ada' as UserId
const bo = 'bo' as UserId
const cy = 'cy' as UserId

test('whoever waits longest is found first, once, and never by themselves', async () => {
  await using harness = await openHarness()
  const { quickMatch } = harness.platform
  const [first] = await waiting(harness, 'ada')
  harness.pass(1_000)
  const [second] = await waiting(harness, 'bo')
  expect(await quickMatch.find('go', cy)).toBeNull()
  expect(await Promise.all([quickMatch.find('chess', cy), quickMatch.find('chess', null)])).toEqual([first, second])
  expect(await quickMatch.find('chess', cy)).toBeNull()
  const [own] = await waiting(harness, 'cy')
  expect(await quickMatch.find('chess', cy)).toBeNull()
  expect(await quickMatch.find('chess', ada)).toBe(own)
})

test('nobody is sent to somebody who has gone, and one who waits in vain for whoever was sent is found again', async () => {
  await using harness = await openHarness()
  const { quickMatch } = harness.platform
  const [room = '' as EventId] = await waiting(harness, 'ada')
  harness.pass(16_000)
  expect(await quickMatch.find('chess', bo)).toBeNull()
  expect(await quickMatch.still(room, ada)).toEqual({ event: room, waiting: true })
  expect(await quickMatch.find('chess', bo)).toBe(room)
  expect(await quickMatch.still(room, ada)).toEqual({ event: room, waiting: false })
  harness.pass(11_000)
  expect(await quickMatch.still(room, ada)).toEqual({ event: room, waiting: true })
  expect(await quickMatch.find('chess', cy)).toBe(room)
})

test('two who began to wait at the same moment end up in one room', async () => {
  await using harness = await openHarness()
  const { quickMatch } = harness.platform
  const rooms = await waiting(harness, 'ada', 'bo')
  const [one = '' as EventId, other = '' as EventId] = rooms
  const answers = [await quickMatch.still(one, ada), await quickMatch.still(other, bo)]
  const together = answers.filter(({ event }) => event === rooms.toSorted()[0])
  expect(together).toHaveLength(2)
  expect(await quickMatch.find('chess', cy)).toBeNull()
})

test('two strangers who look for a game are in one room; a third waits in another, and has left it once they are sent on', async () => {
  await using harness = await openHarness()
  const look = (name: string) => {
    harness.pass(1)
    return harness.ask<api.MatchAnswer>('POST', '/api/match', {
      body: { kind: 'tictactoe', title: 'Tic-tac-toe', name },
    })
  }
  const [first, second, third] = [await look('Ada'), await look('Bo'), await look('Cy')].map(({ body }) => body)
  expect([first?.waiting, second?.waiting, third?.waiting]).toEqual([true, false, true])
  expect(second?.event).toEqual(first?.event)
  expect(first?.event).toMatchObject({ form: 'room', rooms: [{ kind: 'tictactoe' }] })
  const still = (who: api.MatchAnswer | undefined) =>
    harness.ask<api.MatchAgainAnswer>('POST', `/api/match/${who?.event.id}`, { bearer: who?.pass ?? '', body: {} })
  expect((await still(first)).body).toMatchObject({ event: { id: first?.event.id }, waiting: false })
  // Bo did not come after all.
  harness.pass(11_000)
  await still(first)
  expect((await still(third)).body).toMatchObject({ event: { id: first?.event.id }, waiting: false })
  const rooms = await harness.ask('GET', '/api/rooms', { bearer: third?.pass ?? '' })
  expect(rooms.body).toMatchObject({ rooms: [{ id: first?.event.id }] })
  expect(await harness.ask('POST', '/api/match', { body: { kind: 'chat', title: 'X', name: 'Y' } })).toMatchObject({
    status: 403,
  })
})

test('an event gets further rooms, such as a game, from those who set it up; never more than there can be', async () => {
  await using harness = await openHarness()
  const made = await harness.createEvent()
  const guest = await harness.person(made.event, made.pass, 'attendee')
  const add = (bearer: string, event: EventId, body: object) =>
    harness.ask<{ event: api.EventInfo; room: { id: string } }>('POST', `/api/events/${event}/rooms`, { bearer, body })
  const game = { kind: 'tictactoe', title: 'The final', settings: { seating: 'hosts' } }
  expect(await add(guest.pass, made.event.id, game)).toMatchObject({ status: 403 })
  expect(await add(made.pass, made.event.id, { ...game, kind: 'stage' })).toMatchObject({ status: 403 })
  expect(await add(made.pass, made.event.id, { ...game, settings: { clockMs: -1 } })).toMatchObject({ status: 400 })
  const { status, body } = await add(made.pass, made.event.id, game)
  expect(status).toBe(201)
  expect(body.event.rooms.at(-1)).toEqual({ id: body.room.id, kind: 'tictactoe', title: 'The final' })
  const alone = await createRoom(harness)
  expect(await add(alone.pass, alone.event.id, game)).toMatchObject({ status: 403 })
  const answers: number[] = []
  for (let rooms = body.event.rooms.length; rooms <= 50; rooms++)
    answers.push((await add(made.pass, made.event.id, game)).status)
  expect(answers.slice(0, -1).every((each) => each === 201)).toBe(true)
  expect(answers.at(-1)).toBe(422)
})
