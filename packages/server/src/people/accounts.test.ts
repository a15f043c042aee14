import type { UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness, type Answer, type Harness } from '../testing/harness.ts'

const PASSWORD = 'correct horse battery'
const OWN_PAGE = { origin: 'http://plenary.test' }

interface Claimed {
  pass: string
  user: UserId
  name: string
}

async function signUp(harness: Harness, email: string, name = 'Ada'): Promise<string> {
  const answer = await harness.ask('POST', '/api/auth/sign-up/email', {
    body: { email, name, password: PASSWORD },
    headers: OWN_PAGE,
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return cookieOf(answer)
}

function cookieOf({ headers }: Answer): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function claim(harness: Harness, cookie: string, pass?: string): Promise<Claimed> {
  const body = pass === undefined ? {} : { pass }
  const answer = await harness.ask<Claimed>('POST', '/api/account/pass', { body, headers: { ...OWN_PAGE, cookie } })
  expect(answer.status).toBe(200)
  return answer.body
}

const myEvents = async (harness: Harness, bearer: string) =>
  (await harness.ask<{ events: { title: string; role: string }[] }>('GET', '/api/events', { bearer })).body.events.map(
    ({ title, role }) => `${title}: ${role}`,
  )

test('somebody signs up, signs out and in again, by a cookie that no script and no other site gets at', async () => {
  await using harness = await openHarness()
  const up = await harness.ask('POST', '/api/auth/sign-up/email', {
    body: { email: 'ada@plenary.test', name: 'Ada', password: PASSWORD },
    headers: OWN_PAGE,
  })
  expect(up.headers.getSetCookie()[0]).toMatch(/HttpOnly/i)
  expect(up.headers.getSetCookie()[0]).toMatch(/SameSite=Lax/i)
  const cookie = cookieOf(up)
  const session = () =>
    harness.ask<{ user: { name: string } } | null>('GET', '/api/auth/get-session', { headers: { cookie } })
  expect((await session()).body?.user.name).toBe('Ada')
  await harness.ask('POST', '/api/auth/sign-out', { body: {}, headers: { ...OWN_PAGE, cookie } })
  expect((await session()).body).toBeNull()
  const again = await harness.ask('POST', '/api/auth/sign-in/email', {
    body: { email: 'ada@plenary.test', password: PASSWORD },
    headers: OWN_PAGE,
  })
  expect(again.status).toBe(200)
})

test('what accounts refuse has the form that all failures have', async () => {
  await using harness = await openHarness()
  await signUp(harness, 'ada@plenary.test')
  const signIn = (password: string, origin: string) =>
    harness.ask('POST', '/api/auth/sign-in/email', {
      body: { email: 'ada@plenary.test', password },
      headers: { origin },
    })
  expect(await signIn('wrong password', OWN_PAGE.origin)).toMatchObject({
    status: 401,
    body: { ok: false, code: 'unauthorized', temporary: false, reason: 'invalid_email_or_password' },
  })
  expect(await signIn(PASSWORD, 'https://evil.test')).toMatchObject({
    status: 403,
    body: { ok: false, code: 'forbidden' },
  })
  expect(
    await harness.ask('POST', '/api/auth/sign-up/email', {
      body: { email: 'b@b.test', name: 'B', password: 'short' },
      headers: OWN_PAGE,
    }),
  ).toMatchObject({
    status: 400,
    body: { ok: false, code: 'bad_request', reason: 'password_too_short' },
  })
  expect(await harness.ask('GET', '/api/auth/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('guessing a password is slowed down', async () => {
  await using harness = await openHarness({ trustProxy: '1' })
  const guess = () =>
    harness.ask<{ retryAfter: number }>('POST', '/api/auth/sign-in/email', {
      body: { email: 'ada@plenary.test', password: 'guess guess guess' },
      headers: { 'x-forwarded-for': '192.0.2.77' },
    })
  const answers = []
  for (let tries = 0; tries < 22; tries++) answers.push(await guess())
  expect(answers.at(-1)).toMatchObject({
    status: 429,
    body: { ok: false, code: 'rate_limited', retryAfter: expect.any(Number) as number },
  })
})

test('a guest becomes an account as the same person, and keeps their events', async () => {
  await using harness = await openHarness()
  const own = await harness.createEvent('Own')
  const cookie = await signUp(harness, 'ada@plenary.test')
  const claimed = await claim(harness, cookie, own.pass)
  expect(claimed).toMatchObject({ user: own.user, name: 'Organiser' })
  const elsewhere = await claim(harness, cookie)
  expect(elsewhere.user).toBe(own.user)
  expect(await myEvents(harness, elsewhere.pass)).toEqual(['Own: owner'])
})

test('what a second device made moves to the account, and leaves the device', async () => {
  await using harness = await openHarness()
  const first = await harness.createEvent('First')
  const cookie = await signUp(harness, 'ada@plenary.test')
  const account = await claim(harness, cookie, first.pass)
  harness.pass(1)
  const second = await harness.createEvent('Second')
  const claimed = await claim(harness, cookie, second.pass)
  expect(claimed.user).toBe(account.user)
  expect(await myEvents(harness, claimed.pass)).toEqual(['Second: owner', 'First: owner'])
  expect(
    (
      await harness.ask('PATCH', `/api/events/${second.event.id}`, {
        bearer: second.pass,
        body: { title: 'Still mine' },
      })
    ).status,
  ).toBe(403)
  expect(harness.revoked).toMatchObject([
    { event: second.event.id, user: account.user },
    { event: second.event.id, user: second.user },
  ])
})

test('[R6] an account does not get the events of another account whose pass lies on the device', async () => {
  await using harness = await openHarness()
  const adas = await harness.createEvent("Ada's")
  await claim(harness, await signUp(harness, 'ada@plenary.test'), adas.pass)
  const claimed = await claim(harness, await signUp(harness, 'bob@plenary.test', 'Bob'), adas.pass)
  expect(claimed.user).not.toBe(adas.user)
  expect(claimed.name).toBe('Bob')
  expect(await myEvents(harness, claimed.pass)).toEqual([])
  expect((await harness.ask('GET', `/api/events/${adas.event.id}`, { bearer: claimed.pass })).status).toBe(403)
})

test('[R6] a ban is not shaken off by signing in, and takes no role from a person who has one', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const guest = await harness.person(event, pass, 'attendee')
  const ban = (user: UserId) =>
    harness.ask('PUT', `/api/events/${event.id}/people/${user}`, { bearer: pass, body: { name: 'G', banned: true } })
  const cookie = await signUp(harness, 'guest@plenary.test')
  const account = await claim(harness, cookie)
  await ban(guest.user)
  const claimed = await claim(harness, cookie, guest.pass)
  expect(claimed.user).toBe(account.user)
  for (const own of [claimed.pass, guest.pass]) {
    expect((await harness.ask('POST', '/api/join', { body: { code: event.code, name: 'G', pass: own } })).status).toBe(
      403,
    )
  }

  const speaker = await harness.person(event, pass, 'speaker')
  const other = await harness.person(event, pass, 'moderator')
  const theirs = await signUp(harness, 'speaker@plenary.test')
  await claim(harness, theirs, speaker.pass)
  await ban(other.user)
  const back = await claim(harness, theirs, other.pass)
  expect(back.user).toBe(speaker.user)
  expect(await myEvents(harness, back.pass)).toEqual(['An evening: speaker'])
})

test('ways to sign in are told', async () => {
  await using plain = await openHarness()
  expect((await plain.ask('GET', '/api/config')).body).toMatchObject({
    accounts: { magicLink: false, oidc: [] },
    zone: 'local',
  })
  await using all = await openHarness({
    publicUrl: 'https://plenary.test',
    mailUrl: 'smtp://mail.test',
    mailFrom: 'plenary@plenary.test',
    oidcIssuer: 'https://login.test',
    oidcClientId: 'plenary',
    oidcClientSecret: 'secret',
    oidcName: 'House login',
  })
  expect((await all.ask('GET', '/api/config')).body).toMatchObject({
    accounts: { magicLink: true, oidc: [{ id: 'oidc', name: 'House login' }] },
  })
})
