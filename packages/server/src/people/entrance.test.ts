import { ROLES } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'

test('an event is made by typing a title: with one chat, a code, and a pass that owns it', async () => {
  await using harness = await openHarness()
  const { status, body } = await harness.ask<{ pass: string }>('POST', '/api/events', {
    body: { title: '  Town   hall ' },
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    event: {
      code: expect.stringMatching(/^[A-HJKMNP-Z2-9]{6}$/) as string,
      title: 'Town hall',
      status: 'live',
      rooms: [{ kind: 'chat', title: 'Chat' }],
    },
  })
  expect((await harness.ask('GET', '/api/events', { bearer: body.pass })).body).toMatchObject({
    events: [{ title: 'Town hall', role: 'owner' }],
  })
})

test('a device makes further events, and joins others, as the same person', async () => {
  await using harness = await openHarness()
  const first = await harness.createEvent('First')
  harness.pass(1)
  const other = await harness.createEvent('Other')
  harness.pass(1)
  const { body } = await harness.ask<{ pass: string }>('POST', '/api/events', {
    body: { title: 'Second', name: 'Ada', pass: first.pass },
  })
  const joined = await harness.join(other.event.code, 'Ada', body.pass)
  expect(joined.me).toEqual({ id: first.user, name: 'Ada', role: 'attendee' })
  expect((await harness.ask('GET', '/api/events', { bearer: joined.pass })).body).toMatchObject({
    events: [
      { title: 'Second', role: 'owner' },
      { title: 'Other', role: 'attendee' },
      { title: 'First', role: 'owner' },
    ],
  })
})

test('a guest joins by code in any case, gets a ticket, and renews it on the pass alone', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  const joined = await harness.join(event.code.toLowerCase(), 'Guest')
  expect(await harness.platform.tickets.readTicket(joined.ticket)).toMatchObject({
    user: joined.me.id,
    event: event.id,
    role: 'attendee',
  })
  const renewed = await harness.ask('POST', '/api/ticket', { body: { pass: joined.pass, event: event.id } })
  expect(renewed).toMatchObject({ status: 200, body: { me: joined.me, event: { id: event.id } } })
})

test('a guest costs no row', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  await harness.join(event.code)
  expect(await harness.platform.store.selectFrom('membership').selectAll().execute()).toHaveLength(1)
})

test.each(ROLES)('a %s gets a ticket of that role', async (role) => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const person = await harness.person(event, pass, role)
  const { body } = await harness.ask<{ ticket: string }>('POST', '/api/ticket', {
    body: { pass: person.pass, event: event.id },
  })
  expect(await harness.platform.tickets.readTicket(body.ticket)).toMatchObject({ role })
})

test('[R6] a ban that comes while a ticket is being made is later than the ticket, and so voids it', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const guest = await harness.person(event, pass, 'attendee')
  const { events } = harness.platform
  const { byId } = events
  events.byId = async (id) => {
    harness.pass(5)
    return await byId(id)
  }
  const asked = harness.platform.now()
  const { body } = await harness.ask<{ ticket: string }>('POST', '/api/ticket', {
    body: { pass: guest.pass, event: event.id },
  })
  const { issuedAt } = await harness.platform.tickets.readTicket(body.ticket)
  expect(issuedAt).toBe(asked)
  await harness.ask('PUT', `/api/events/${event.id}/people/${guest.user}`, {
    bearer: pass,
    body: { name: 'G', banned: true },
  })
  expect(harness.revoked[0]?.at).toBeGreaterThan(issuedAt)
})

test('revocations outlive a restart for as long as a ticket that they void', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const guest = await harness.person(event, pass, 'attendee')
  await harness.ask('PUT', `/api/events/${event.id}/people/${guest.user}`, {
    bearer: pass,
    body: { name: 'G', banned: true },
  })
  const [told] = harness.revoked.splice(0)
  await harness.platform.revocations.restore()
  expect(harness.revoked.splice(0)).toEqual([told])
  harness.pass(11 * 60_000)
  await harness.platform.revocations.restore()
  expect(harness.revoked).toEqual([])
})

test('a code that is taken by chance is drawn again', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  const again = await harness.createEvent()
  expect(again.event.code).not.toBe(event.code)
  const draws = `${event.code}ZZZZZZ`.split('')
  const { eventTable } = await import('../events/event-table.ts')
  const { CODE_ALPHABET } = await import('../events/codes.ts')
  const drawn = eventTable({
    store: harness.platform.store,
    kinds: new Map(),
    rooms: [],
    zone: 'local',
    now: () => 0,
    id: () => 'drawn',
    pick: () => CODE_ALPHABET.indexOf(draws.shift() ?? ''),
  })
  expect(await drawn.create({ title: 'Drawn', form: 'event', door: 'open' }, async () => {})).toMatchObject({
    code: 'ZZZZZZ',
  })
})

test('without a public address people stay where they came in; with one they are sent to their gateway', async () => {
  await using near = await openHarness()
  const here = await near.createEvent()
  expect(await near.join(here.event.code)).toMatchObject({ gateway: 'http://plenary.test' })
  expect((await near.ask('GET', '/api/assign?zone=eu')).body).toEqual({ url: 'http://plenary.test', zone: 'eu' })
  await using far = await openHarness({ publicUrl: 'https://plenary.example' })
  const there = await far.createEvent()
  expect(await far.join(there.event.code)).toMatchObject({ gateway: 'http://gateway.test' })
})
