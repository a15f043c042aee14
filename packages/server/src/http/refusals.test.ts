import { ERRORS, type ErrorCode, type EventId, type Identity, type UserId } from '@plenary/kinds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHarness, type AskOptions, type Harness } from '../testing/harness.ts'
import { failuresOf, hasBody } from './openapi.ts'
import { BODY_BYTES } from './parse.ts'
import { ROUTES } from './routes.ts'

let harness: Harness
let a: { event: { id: EventId; code: string }; pass: string; user: UserId }
let b: typeof a
let ended: typeof a
let guest: { pass: string; user: UserId }
let banned: { pass: string; user: UserId }
let ticketOfA: string
const CODE = 'SAME-CODE'

beforeAll(async () => {
  harness = await openHarness()
  a = await harness.createEvent('A')
  b = await harness.createEvent('B')
  ended = await harness.createEvent('Ended')
  guest = await harness.person(a.event, a.pass, 'attendee')
  banned = await harness.person(a.event, a.pass, 'attendee')
  await harness.ask('PUT', `/api/events/${a.event.id}/people/${banned.user}`, {
    bearer: a.pass,
    body: { name: 'X', banned: true },
  })
  await harness.ask('PATCH', `/api/events/${b.event.id}`, { bearer: b.pass, body: { code: CODE } })
  const late = await harness.person(ended.event, ended.pass, 'attendee')
  guest = { ...guest, pass: (await harness.join(ended.event.code, 'Guest', guest.pass)).pass }
  await harness.ask('PATCH', `/api/events/${ended.event.id}`, { bearer: ended.pass, body: { status: 'ended' } })
  expect(late.user).toBeTruthy()
  ticketOfA = (await harness.join(a.event.code)).ticket
})
afterAll(() => harness[Symbol.asyncDispose]())

async function expectRefusal(code: ErrorCode, method: string, path: string, options?: AskOptions): Promise<void> {
  const { status, body, headers } = await harness.ask('GET' === method ? 'GET' : method, path, options)
  expect({ status, body }).toMatchObject({
    status: ERRORS[code].status,
    body: { ok: false, code, temporary: ERRORS[code].temporary },
  })
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
}

const filled = (path: string) =>
  path
    .replace('{event}', a.event.id)
    .replace('{user}', guest.user)
    .replace('{code}', a.event.code)
    .replace('{room}', 'room-1')
    .replace('{key}', 'key-1')

describe('every route', () => {
  test.each(ROUTES.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s refuses what it cannot read',
    async (_name, route) => {
      const method = route.method.toUpperCase()
      const path = filled(route.path)
      const credential = { pass: a.pass, ticket: ticketOfA, none: undefined }[route.credential]
      const bearer = credential === undefined ? {} : { bearer: credential }
      await expectRefusal('bad_request', method, `${path}?surprise=1`, {
        ...bearer,
        ...(hasBody(route) && { body: {} }),
      })
      if (!hasBody(route)) return
      await expectRefusal('forbidden', method, path, { ...bearer, body: {}, headers: { origin: 'https://evil.test' } })
      await expectRefusal('forbidden', method, path, { ...bearer, body: {}, headers: { origin: 'null' } })
      if (route.takes !== undefined) return
      await expectRefusal('bad_request', method, path, { ...bearer, body: '{"half":' })
      await expectRefusal('bad_request', method, path, { ...bearer, body: [] })
      await expectRefusal('bad_request', method, path, { ...bearer, body: { surprise: 1 } })
      await expectRefusal('bad_request', method, path, {
        ...bearer,
        headers: { 'content-type': 'text/plain' },
        body: '{}',
      })
      await expectRefusal('bad_request', method, path, { ...bearer })
      await expectRefusal('too_large', method, path, { ...bearer, body: { title: 'x'.repeat(BODY_BYTES) } })
    },
  )

  const guarded = ROUTES.filter((route) => route.credential !== 'none')
  test.each(guarded.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '[R6] %s refuses without the right credential',
    async (_name, route) => {
      const wrongForm = route.credential === 'pass' ? ticketOfA : a.pass
      for (const bearer of [undefined, 'x', wrongForm]) {
        await expectRefusal('unauthorized', route.method.toUpperCase(), filled(route.path), {
          ...(bearer !== undefined && { bearer }),
          ...(hasBody(route) && { body: {} }),
        })
      }
      await expectRefusal('unauthorized', route.method.toUpperCase(), filled(route.path), {
        headers: { authorization: `Basic ${a.pass}` },
        ...(hasBody(route) && { body: {} }),
      })
    },
  )
})

type Case = [what: string, code: ErrorCode, method: string, path: () => string, options?: () => AskOptions]
const cases: Case[] = [
  [
    '[R6] the owner of another event cannot see this one',
    'forbidden',
    'GET',
    () => `/api/events/${a.event.id}`,
    () => ({ bearer: b.pass }),
  ],
  [
    '[R6] nor change it',
    'forbidden',
    'PATCH',
    () => `/api/events/${a.event.id}`,
    () => ({ bearer: b.pass, body: { title: 'Mine' } }),
  ],
  ['[R6] nor see its people', 'forbidden', 'GET', () => `/api/events/${a.event.id}/people`, () => ({ bearer: b.pass })],
  [
    '[R6] nor ban them',
    'forbidden',
    'PUT',
    () => `/api/events/${a.event.id}/people/${guest.user}`,
    () => ({ bearer: b.pass, body: { name: 'G', banned: true } }),
  ],
  [
    '[R6] nor make themselves its owner',
    'forbidden',
    'PUT',
    () => `/api/events/${a.event.id}/people/${b.user}`,
    () => ({ bearer: b.pass, body: { name: 'B', role: 'owner' } }),
  ],
  [
    '[R6] nor get a ticket by its id alone',
    'forbidden',
    'POST',
    () => '/api/ticket',
    () => ({ body: { pass: b.pass, event: a.event.id } }),
  ],
  [
    'an attendee does not see the list of people',
    'forbidden',
    'GET',
    () => `/api/events/${a.event.id}/people`,
    () => ({ bearer: guest.pass }),
  ],
  [
    'an attendee changes nobody',
    'forbidden',
    'PUT',
    () => `/api/events/${a.event.id}/people/${guest.user}`,
    () => ({ bearer: guest.pass, body: { name: 'G', role: 'owner' } }),
  ],
  [
    'an attendee does not change the event',
    'forbidden',
    'PATCH',
    () => `/api/events/${a.event.id}`,
    () => ({ bearer: guest.pass, body: { title: 'Mine' } }),
  ],
  [
    'the banned cannot come in again by code',
    'forbidden',
    'POST',
    () => '/api/join',
    () => ({ body: { code: a.event.code, name: 'Other', pass: banned.pass } }),
  ],
  [
    'nor on their pass',
    'forbidden',
    'POST',
    () => '/api/ticket',
    () => ({ body: { pass: banned.pass, event: a.event.id } }),
  ],
  ['nor look at the event', 'forbidden', 'GET', () => `/api/events/${a.event.id}`, () => ({ bearer: banned.pass })],
  ['there is no such event', 'not_found', 'GET', () => '/api/events/nope', () => ({ bearer: a.pass })],
  [
    'no ticket for no event',
    'not_found',
    'POST',
    () => '/api/ticket',
    () => ({ body: { pass: a.pass, event: 'nope' } }),
  ],
  ['an id of strange signs', 'bad_request', 'GET', () => '/api/events/a%20b', () => ({ bearer: a.pass })],
  ['a code that opens nothing', 'not_found', 'GET', () => '/api/codes/NOBODY'],
  ['a code that is none', 'bad_request', 'GET', () => '/api/codes/a!'],
  [
    'joining by a code that opens nothing',
    'not_found',
    'POST',
    () => '/api/join',
    () => ({ body: { code: 'NOBODY', name: 'G' } }),
  ],
  [
    'joining without a name',
    'bad_request',
    'POST',
    () => '/api/join',
    () => ({ body: { code: a.event.code, name: '  ' } }),
  ],
  [
    'joining on a forged pass',
    'unauthorized',
    'POST',
    () => '/api/join',
    () => ({ body: { code: a.event.code, name: 'G', pass: 'x.y.z' } }),
  ],
  [
    'joining on a ticket in place of a pass',
    'unauthorized',
    'POST',
    () => '/api/join',
    () => ({ body: { code: a.event.code, name: 'G', pass: ticketOfA } }),
  ],
  [
    'a ticket on a forged pass',
    'unauthorized',
    'POST',
    () => '/api/ticket',
    () => ({ body: { pass: 'x', event: a.event.id } }),
  ],
  [
    'making an event on a forged pass',
    'unauthorized',
    'POST',
    () => '/api/events',
    () => ({ body: { title: 'T', pass: 'x' } }),
  ],
  [
    'a title of control characters',
    'bad_request',
    'POST',
    () => '/api/events',
    () => ({ body: { title: 'a\u0000b' } }),
  ],
  ['a title too long', 'bad_request', 'POST', () => '/api/events', () => ({ body: { title: 'x'.repeat(121) } })],
  [
    'a code that another event has',
    'conflict',
    'PATCH',
    () => `/api/events/${a.event.id}`,
    () => ({ bearer: a.pass, body: { code: CODE } }),
  ],
  [
    'the last owner stepping down',
    'conflict',
    'PUT',
    () => `/api/events/${a.event.id}/people/${a.user}`,
    () => ({ bearer: a.pass, body: { name: 'O', role: 'attendee' } }),
  ],
  [
    'the last owner banning themselves',
    'conflict',
    'PUT',
    () => `/api/events/${a.event.id}/people/${a.user}`,
    () => ({ bearer: a.pass, body: { name: 'O', banned: true } }),
  ],
  [
    'a guest joining an event that is over',
    'refused',
    'POST',
    () => '/api/join',
    () => ({ body: { code: ended.event.code, name: 'G' } }),
  ],
  [
    'a guest coming back to an event that is over',
    'refused',
    'POST',
    () => '/api/ticket',
    () => ({ body: { pass: guest.pass, event: ended.event.id } }),
  ],
  [
    'a pass for nobody who signed in',
    'unauthorized',
    'POST',
    () => '/api/account/pass',
    () => ({ body: { pass: a.pass } }),
  ],
  [
    'entries over the limit',
    'bad_request',
    'GET',
    () => '/api/rooms/r/entries?limit=100000',
    () => ({ bearer: ticketOfA }),
  ],
  ['an unknown address of the API', 'not_found', 'GET', () => '/api/nothing'],
  ['another method of a known address', 'not_found', 'PUT', () => '/api/join', () => ({ body: {} })],
  ['an address with a dot that is no file', 'not_found', 'GET', () => '/secret.txt'],
  ['a way out of the folder of pages', 'not_found', 'GET', () => '/assets/..%2f..%2fharness.ts'],
  ['writing to a page', 'not_found', 'POST', () => '/', () => ({ body: {} })],
]

test.each(cases)('%s: %s', async (_what, code, method, path, options) => {
  await expectRefusal(code, method, path(), options?.())
})

test('every code that the document promises a route can answer with is one of the closed table', () => {
  for (const route of ROUTES) for (const code of failuresOf(route)) expect(ERRORS).toHaveProperty(code)
})

test('an event that is over says so as the reason', async () => {
  const { body } = await harness.ask('POST', '/api/join', { body: { code: ended.event.code, name: 'G' } })
  expect(body).toMatchObject({ reason: 'event_ended' })
})

test('a refused change changes nothing', async () => {
  const before = await harness.ask('GET', `/api/events/${a.event.id}/people`, { bearer: a.pass })
  for (const [, , method, path, options] of cases) if (method !== 'GET') await harness.ask(method, path(), options?.())
  expect((await harness.ask('GET', `/api/events/${a.event.id}/people`, { bearer: a.pass })).body).toEqual(before.body)
  expect((await harness.ask('GET', `/api/events/${a.event.id}`, { bearer: a.pass })).body).toMatchObject({
    event: { title: 'A', code: a.event.code },
  })
})

test('what we did not foresee is an internal error that says nothing of itself', async () => {
  await using broken = await openHarness()
  await broken.platform.store.schema.dropTable('room').execute()
  const { status, body } = await broken.ask('POST', '/api/events', { body: { title: 'T' } })
  expect({ status, body }).toEqual({
    status: 500,
    body: { ok: false, code: 'internal', temporary: true, message: 'Something went wrong on the server.' },
  })
})

test('a ticket is read, not believed: entries are asked for as whom it says', async () => {
  const seen: Identity[] = []
  await using own = await openHarness()
  const { event } = await own.createEvent()
  const { ticket, me } = await own.join(event.code, 'Ada')
  own.platform.node.entries = async (_room, who) => {
    seen.push(who)
    return { entries: [], after: 0, through: 0, more: false }
  }
  expect((await own.ask('GET', '/api/rooms/room-1/entries?before=5', { bearer: ticket })).status).toBe(200)
  expect(seen).toMatchObject([{ user: me.id, name: 'Ada', event: event.id, role: 'attendee' }])
})
