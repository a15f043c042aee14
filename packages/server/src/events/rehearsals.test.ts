import type { api } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'

interface Made {
  event: api.EventInfo
  pass: string
}

const CUE = '9f0d1a4e-7a51-4b43-9d2a-0a4f6a3c1e55'

async function createWebinar(harness: Harness): Promise<Made> {
  const { status, body } = await harness.ask<Made>('POST', '/api/events', {
    body: { title: 'Webinar', template: 'webinar' },
  })
  expect(status).toBe(201)
  return body
}

const begin = (harness: Harness, { event }: Made, bearer: string, settings: object = {}) =>
  harness.ask<{ event: api.EventInfo }>('POST', `/api/events/${event.id}/rehearsals`, { bearer, body: { settings } })
const end = (harness: Harness, event: api.EventInfo, bearer: string) =>
  harness.ask('POST', `/api/events/${event.id}/vanish`, { bearer, body: {} })

test('a rehearsal is a twin: rooms of the same kinds with ids of their own, its rundown about its own rooms, its people those with a role', async () => {
  await using harness = await openHarness()
  const made = await createWebinar(harness)
  const producer = await harness.person(made.event, made.pass, 'producer')
  const guest = await harness.person(made.event, made.pass, 'attendee')
  const questions = made.event.rooms.find(({ kind }) => kind === 'questions')
  const cues = [{ id: CUE, title: 'Asked', scene: { layout: 'questions', room: questions?.id } }]
  const { status, body } = await begin(harness, made, producer.pass, { stage: { cues } })
  expect(status).toBe(201)
  const twin = body.event
  expect(twin).toMatchObject({ form: 'rehearsal', title: 'Rehearsal: Webinar' })
  expect(twin.rooms.map(({ kind }) => kind)).toEqual(made.event.rooms.map(({ kind }) => kind))
  const own = new Set(made.event.rooms.map(({ id }) => id))
  expect(twin.rooms.filter(({ id }) => own.has(id))).toEqual([])
  const stage = await harness.platform.events.findRoom(
    twin.rooms.find(({ kind }) => kind === 'stage')?.id ?? ('' as never),
  )
  const asked = twin.rooms.find(({ kind }) => kind === 'questions')
  expect(stage?.settings).toMatchObject({ cues: [{ id: CUE, scene: { room: asked?.id } }] })

  const ticket = (pass: string) => harness.ask('POST', '/api/ticket', { body: { pass, event: twin.id } })
  expect(await ticket(made.pass)).toMatchObject({ status: 200, body: { me: { role: 'owner' } } })
  expect(await ticket(producer.pass)).toMatchObject({ status: 200, body: { me: { role: 'producer' } } })
  expect(await ticket(guest.pass)).toMatchObject({ status: 403 })
  // Nobody finds it among their events.
  const mine = await harness.ask<{ events: api.MyEvent[] }>('GET', '/api/events', { bearer: made.pass })
  expect(mine.body.events.map(({ id }) => id)).toEqual([made.event.id])
})

test('with its end the twin is gone: its code, its rooms, its people; the event is as it was', async () => {
  await using harness = await openHarness()
  const made = await createWebinar(harness)
  const { body } = await begin(harness, made, made.pass)
  const twin = body.event
  const simulated = await harness.join(twin.code, 'Simulated')
  expect(await end(harness, twin, made.pass)).toMatchObject({ status: 200 })
  expect(harness.revoked).toContainEqual(expect.objectContaining({ event: twin.id, code: 'event_ended' }))
  const { store } = harness.platform
  for (const table of ['room', 'membership', 'invitation'] as const)
    expect(await store.selectFrom(table).selectAll().where('event_id', '=', twin.id).execute()).toEqual([])
  expect(await harness.ask('GET', `/api/codes/${twin.code}`)).toMatchObject({ status: 404 })
  expect(await harness.ask('POST', '/api/ticket', { body: { pass: simulated.pass, event: twin.id } })).toMatchObject({
    status: 404,
  })
  expect(await harness.platform.events.byId(made.event.id)).toMatchObject({ rooms: made.event.rooms })
})

test('[R6] only those who may change the event rehearse it, an event itself never vanishes, and settings are checked', async () => {
  await using harness = await openHarness()
  const made = await createWebinar(harness)
  const moderator = await harness.person(made.event, made.pass, 'moderator')
  const guest = await harness.person(made.event, made.pass, 'attendee')
  expect(await begin(harness, made, moderator.pass)).toMatchObject({ status: 403 })
  expect(await begin(harness, made, guest.pass)).toMatchObject({ status: 403 })
  expect(await end(harness, made.event, made.pass)).toMatchObject({ status: 409 })
  expect(await begin(harness, made, made.pass, { chat: { colour: 'red' } })).toMatchObject({ status: 400 })
  const { body } = await begin(harness, made, made.pass)
  expect(await end(harness, body.event, guest.pass)).toMatchObject({ status: 403 })
  expect(await begin(harness, { ...made, event: body.event }, made.pass)).toMatchObject({ status: 409 })
})
