import { afterAll, beforeAll, expect, test } from 'vitest'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Guest, type Stage, type TestEvent } from './stage.ts'

let stage: Stage
let event: TestEvent
let guest: Guest
let cookie: string
beforeAll(async () => {
  stage = await openStage()
  event = await stage.place.createEvent()
  guest = await stage.place.guest(event)
  const body = { email: 'ada@example.test', password: 'a long password', name: 'Ada' }
  const { headers, status } = await stage.place.ask('POST', '/api/auth/sign-up/email', {
    body,
    headers: { origin: stage.place.url },
  })
  expect(status).toBe(200)
  cookie = headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
})
afterAll(() => stage[Symbol.asyncDispose]())

const wrong: [what: string, origin: () => string][] = [
  ['another site', () => 'https://evil.test'],
  ['another port', () => 'http://127.0.0.1:1'],
  ['our name as a part of theirs', () => `${stage.place.url}.evil.test`],
  ['our name as a user of theirs', () => `${stage.place.url}@evil.test`],
  ['our name behind theirs', () => `https://evil.test/${stage.place.url}`],
  ['a page without an origin', () => 'null'],
  ['nothing', () => ''],
  ['a file', () => 'file://'],
  ['an extension', () => stage.place.url.replace('http:', 'chrome-extension:')],
  ['two', () => `${stage.place.url}, https://evil.test`],
  ['words', () => 'javascript:alert(1)'],
  ['very much', () => `https://${'x'.repeat(5_000)}.test`],
]

test.each(wrong)('[R6] a page of %s gets no WebSocket and no polling', async (_what, origin) => {
  const head = { Origin: origin() }
  using client = await RawWebSocket.open(stage.place.url, head)
  // An empty header is none: it is no page of a browser.
  if (origin() === '') return
  expect(client.refusal).toMatch(/^HTTP\/1.1 400/)
  expect(client.ended).toBe(true)
  const path = '/socket.io/?EIO=4&transport=polling'
  const first = await stage.place.ask('GET', path, { headers: head })
  expect(first.status).toBe(403)
  expect(first.headers.get('access-control-allow-origin')).toBeNull()
  const { text } = await stage.place.ask('GET', path)
  const { sid } = JSON.parse(text.slice(1)) as { sid: string }
  const later = await stage.place.ask('POST', `${path}&sid=${sid}`, {
    headers: { ...head, 'content-type': 'text/plain' },
    body: `40${JSON.stringify({ ticket: guest.ticket })}`,
  })
  expect(later.status).toBe(400)
  const preflight = await stage.place.ask('OPTIONS', path, {
    headers: { ...head, 'access-control-request-method': 'POST' },
  })
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
})

test('[R6] a page of ours gets both', async () => {
  const head = { Origin: stage.place.url }
  using client = await RawWebSocket.open(stage.place.url, head)
  expect(client.refusal).toBeUndefined()
  expect((await stage.place.ask('GET', '/socket.io/?EIO=4&transport=polling', { headers: head })).status).toBe(200)
})

const signedIn = async () =>
  (await stage.place.ask<{ user?: { email: string } } | null>('GET', '/api/auth/get-session', { headers: { cookie } }))
    .body?.user?.email

const changing: [method: string, path: () => string, body: () => unknown][] = [
  ['POST', () => '/api/account/pass', () => ({ pass: guest.pass })],
  ['POST', () => '/api/account/pass', () => ({})],
  ['POST', () => '/api/auth/sign-out', () => ({})],
  ['POST', () => '/api/auth/update-user', () => ({ name: 'Mallory' })],
  [
    'POST',
    () => '/api/auth/change-password',
    () => ({ currentPassword: 'a long password', newPassword: 'another password' }),
  ],
  ['POST', () => '/api/events', () => ({ title: 'Theirs' })],
  ['PATCH', () => `/api/events/${event.id}`, () => ({ title: 'Theirs' })],
  ['PUT', () => `/api/events/${event.id}/people/${guest.user}`, () => ({ name: 'X', banned: true })],
]

test.each(wrong.filter(([what]) => what !== 'nothing'))(
  '[R6] a page of %s changes nothing with somebody’s cookie',
  async (_what, origin) => {
    for (const [method, path, body] of changing) {
      const answer = await stage.place.ask(method, path(), {
        body: body(),
        bearer: event.pass,
        headers: { cookie, origin: origin() },
      })
      expect(answer, `${method} ${path()}`).toMatchObject({ status: 403, body: { ok: false, code: 'forbidden' } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    expect(await signedIn()).toBe('ada@example.test')
  },
)

test('[R6] what a form of another site can send is no request here, even where a browser leaves the origin out', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
    for (const [method, path, body] of changing.slice(0, 5)) {
      const answer = await stage.place.ask(method, path(), {
        body: JSON.stringify(body()),
        headers: { cookie, 'content-type': type },
      })
      expect(answer, `${method} ${path()} as ${type}`).toMatchObject({
        status: 400,
        body: { ok: false, code: 'bad_request' },
      })
    }
  }
  expect(await signedIn()).toBe('ada@example.test')
})

test('[R6] the cookie of an account is not read by pages and does not come along from another site', async () => {
  const { headers } = await stage.place.ask('POST', '/api/auth/sign-in/email', {
    body: { email: 'ada@example.test', password: 'a long password' },
    headers: { origin: stage.place.url },
  })
  expect(headers.getSetCookie().length).toBeGreaterThan(0)
  for (const each of headers.getSetCookie()) {
    expect(each).toMatch(/HttpOnly/i)
    expect(each).toMatch(/SameSite=Lax/i)
  }
})
