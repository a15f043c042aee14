import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadSecrets } from '../../packages/server/src/people/secrets.ts'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Guest, type Stage, type TestEvent } from './stage.ts'

let stage: Stage
let event: TestEvent
let other: TestEvent
let guest: Guest
let key: CryptoKey
let publicKey: CryptoKey
beforeAll(async () => {
  stage = await openStage()
  event = await stage.place.createEvent('A')
  other = await stage.place.createEvent('B')
  guest = await stage.place.guest(event)
  const secrets = await loadSecrets(join(stage.folder, 'secrets.json'))
  key = secrets.privateKey
  publicKey = secrets.publicKey
})
afterAll(() => stage[Symbol.asyncDispose]())

const NOW_S = () => Math.floor(Date.now() / 1000)
type Claims = Record<string, unknown>
const ticketHead = { alg: 'EdDSA', typ: 'plenary-ticket' }
const claims = (): Claims => ({
  iss: 'plenary',
  aud: 'gateway',
  iat: NOW_S(),
  exp: NOW_S() + 300,
  sub: guest.user,
  name: 'Forged',
  event: event.id,
  role: 'owner',
})
const passClaims = (): Claims => ({
  iss: 'plenary',
  aud: 'platform',
  iat: NOW_S(),
  exp: NOW_S() + 300,
  sub: guest.user,
  name: 'Forged',
  joined: [event.id],
})
const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signed with the server's own key, whatever the head and the body say. */
const signed = (head: unknown, body: unknown) => signedWith(key, 'Ed25519', head, body)

async function signedWith(by: CryptoKey, algorithm: string, head: unknown, body: unknown): Promise<string> {
  const input = `${part(head)}.${part(body)}`
  const signature = await crypto.subtle.sign(algorithm, by, Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

const ownKeys = async () =>
  (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
    privateKey: CryptoKey
    publicKey: CryptoKey
  }
/** Good in everything, but signed with a key of the forger's. */
const byAnother = async (head: unknown) => signedWith((await ownKeys()).privateKey, 'Ed25519', head, claims())

async function rsa(): Promise<string> {
  const shape = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
  const { privateKey } = await crypto.subtle.generateKey(shape, false, ['sign', 'verify'])
  return await signedWith(privateKey, shape.name, { ...ticketHead, alg: 'RS256' }, claims())
}
const withTail = (head: unknown, body: unknown, tail: string) => `${part(head)}.${part(body)}.${tail}`
const without = (name: string): Claims => Object.fromEntries(Object.entries(claims()).filter(([each]) => each !== name))

type Forgery = [what: string, forge: () => unknown]
const FORGERIES: Forgery[] = [
  ['nothing', () => ''],
  ['no string', () => 7],
  ['null', () => null],
  ['an array', () => [guest.ticket]],
  ['an object', () => ({ toString: guest.ticket })],
  ['words', () => 'let me in'],
  ['two dots', () => '..'],
  ['many dots', () => '.'.repeat(1_000)],
  ['very much', () => 'x'.repeat(1_000_000)],
  ['a good one and more behind it', () => `${guest.ticket}.x`],
  ['a good one and 5,000 spaces', () => guest.ticket + ' '.repeat(5_000)],
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): Forgery => [
    `alg "${alg}"`,
    () => withTail({ ...ticketHead, alg }, claims(), ''),
  ]),
  ['alg none under a good signature', () => signed({ ...ticketHead, alg: 'none' }, claims())],
  ['no alg', () => signed({ typ: ticketHead.typ }, claims())],
  ...['HS256', 'HS512'].flatMap((alg): Forgery[] => [
    [`${alg} with the public key as secret (SPKI)`, () => hmac(alg, 'spki')],
    [`${alg} with the public key as secret (raw)`, () => hmac(alg, 'raw')],
    [`${alg} with no secret`, () => withHmac(alg, Buffer.alloc(0))],
  ]),
  [
    'ES256 with a signature of zeros',
    () => withTail({ ...ticketHead, alg: 'ES256' }, claims(), part(Buffer.alloc(64).toString('latin1'))),
  ],
  ['EdDSA with a signature of zeros', () => withTail(ticketHead, claims(), Buffer.alloc(64).toString('base64url'))],
  ['EdDSA with half a signature', async () => (await signed(ticketHead, claims())).slice(0, -40)],
  ['EdDSA without a signature', async () => (await signed(ticketHead, claims())).replace(/[^.]*$/, '')],
  ['EdDSA with a longer signature', async () => `${await signed(ticketHead, claims())}AAAA`],
  ['a signature by chance', () => withTail(ticketHead, claims(), randomBytes(64).toString('base64url'))],
  ['another key', () => byAnother(ticketHead)],
  ['RS256', rsa],
  ['the public key of another in jwk', () => carrying('jwk')],
  ['the address of a key in jku', () => carrying('jku')],
  ['the address of a certificate in x5u', () => carrying('x5u')],
  ['a certificate in x5c', () => carrying('x5c')],
  ...['../../../../dev/null', '/proc/self/environ', "' or 1=1 --", '\u0000', 'x'.repeat(5_000), '__proto__'].map(
    (kid): Forgery => [`the key id ${JSON.stringify(kid.slice(0, 20))}`, () => byAnother({ ...ticketHead, kid })],
  ),
  ['a crit that nobody knows', () => signed({ ...ticketHead, crit: ['x'], x: 1 }, claims())],
  ['an empty crit', () => signed({ ...ticketHead, crit: [] }, claims())],
  ['an unencoded payload', () => signed({ ...ticketHead, crit: ['b64'], b64: false }, claims())],
  ['the type of a pass', () => signed({ ...ticketHead, typ: 'plenary-pass' }, claims())],
  ['the type of any JWT', () => signed({ ...ticketHead, typ: 'JWT' }, claims())],
  ['no type', () => signed({ alg: 'EdDSA' }, claims())],
  ['the audience of a pass', () => signed(ticketHead, { ...claims(), aud: 'platform' })],
  ['another issuer', () => signed(ticketHead, { ...claims(), iss: 'plenary ' })],
  ...['iss', 'aud', 'exp', 'iat', 'sub', 'event', 'role', 'name'].map((name): Forgery => [
    `no ${name}`,
    () => signed(ticketHead, without(name)),
  ]),
  ['an expiry that is over', () => signed(ticketHead, { ...claims(), iat: NOW_S() - 900, exp: NOW_S() - 300 })],
  ['an expiry that is no number', () => signed(ticketHead, { ...claims(), exp: 'never' })],
  ['a beginning that has not come', () => signed(ticketHead, { ...claims(), nbf: NOW_S() + 3_600 })],
  ['a role that there is not', () => signed(ticketHead, { ...claims(), role: 'root' })],
  ['two roles', () => signed(ticketHead, { ...claims(), role: ['attendee', 'owner'] })],
  ['an event that cannot be', () => signed(ticketHead, { ...claims(), event: '../x' })],
  ['a user that cannot be', () => signed(ticketHead, { ...claims(), sub: { id: 'x' } })],
  ['the user __proto__', () => signed(ticketHead, { ...claims(), sub: '__proto__' })],
  ['the event __proto__', () => signed(ticketHead, { ...claims(), event: '__proto__' })],
  ['a name of 100,000 characters', () => signed(ticketHead, { ...claims(), name: 'x'.repeat(100_000) })],
  ['a body that is no JSON', () => signed(ticketHead, '{"sub":')],
  ['a body that is a list', () => signed(ticketHead, [claims()])],
  ['a head that is no JSON', () => signed('{"alg":', claims())],
  ['a pass', () => guest.pass],
  ['a pass signed as a ticket would be', () => signed(ticketHead, passClaims())],
  ['another body under a good signature', () => swapped({ role: 'owner' })],
  ['another event under a good signature', () => swapped({ event: other.id })],
  [
    'an encrypted one',
    () =>
      [part({ alg: 'dir', enc: 'A256GCM', typ: 'plenary-ticket' }), '', part('iv'), part('text'), part('tag')].join(
        '.',
      ),
  ],
  ['one in JSON', () => JSON.stringify({ payload: part(claims()), protected: part(ticketHead), signature: 'AAAA' })],
]

/** The seal of the guest's ticket, over whatever is given in place of what it was made for. */
const underSeal = (token: string) => `${token}~${sealOf(guest.ticket)}`
const sealOf = (sealed: string) => sealed.split('~')[1] ?? ''
const unsealed = (sealed: string) => sealed.split('~')[0] ?? ''

/** What only the seal could make good. */
const SEALED: Forgery[] = [
  ['a seal alone', () => `~${sealOf(guest.ticket)}`],
  ['two seals', () => `${guest.ticket}~${sealOf(guest.ticket)}`],
  ['no seal behind its sign', () => `${unsealed(guest.ticket)}~`],
  ['a seal of zeros', () => `${unsealed(guest.ticket)}~${'A'.repeat(43)}`],
  ['half a seal', () => guest.ticket.slice(0, -20)],
  ['a seal over a good one of another', async () => underSeal(await signed(ticketHead, claims()))],
  ['a seal over alg none', () => underSeal(withTail({ ...ticketHead, alg: 'none' }, claims(), ''))],
  ['a seal over no signature', () => underSeal(unsealed(guest.ticket).replace(/[^.]*$/, ''))],
  ['the seal of a pass', () => `${unsealed(guest.ticket)}~${sealOf(guest.pass)}`],
  ['a seal under the public key', async () => sealedBy(Buffer.from(await crypto.subtle.exportKey('raw', publicKey)))],
  ['a seal under no key', () => sealedBy(Buffer.alloc(0))],
]

/** As a seal is made, but under another key. */
function sealedBy(secret: Buffer): string {
  const token = withTail(ticketHead, claims(), 'AAAA')
  return `${token}~${createHmac('sha256', secret).update(`plenary-ticket ${token}`).digest('base64url')}`
}

function swapped(changed: Claims): string {
  const [head, body, tail] = guest.ticket.split('.')
  const before = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as Claims
  return [head, part({ ...before, ...changed }), tail].join('.')
}

function withHmac(alg: string, secret: Buffer): string {
  const input = `${part({ ...ticketHead, alg })}.${part(claims())}`
  return `${input}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
    .update(input)
    .digest('base64url')}`
}

async function hmac(alg: string, form: 'spki' | 'raw'): Promise<string> {
  return withHmac(alg, Buffer.from(await crypto.subtle.exportKey(form, publicKey)))
}

/** Signed with a key of the forger's, which the head recommends. */
async function carrying(name: 'jwk' | 'jku' | 'x5u' | 'x5c'): Promise<string> {
  const own = await ownKeys()
  const jwk = await crypto.subtle.exportKey('jwk', own.publicKey)
  const value = { jwk, jku: 'http://127.0.0.1:9/keys', x5u: 'http://127.0.0.1:9/cert', x5c: ['AAAA'] }[name]
  return await signedWith(own.privateKey, 'Ed25519', { ...ticketHead, [name]: value }, claims())
}

/** What a handshake with it gets: the code, and whether the connection was ended. */
async function handshake(ticket: unknown): Promise<{ answer: string; ended: boolean }> {
  using client = await RawWebSocket.open(stage.place.url)
  client.say(`40${JSON.stringify({ ticket })}`)
  await client.until(
    () => client.ended || client.texts.some((text) => /^4[04]/.test(text) && text.startsWith('40')),
    'an answer',
  )
  return { answer: client.texts.find((text) => /^4[04]/.test(text)) ?? '', ended: client.ended }
}

test.each([...FORGERIES, ...SEALED])('[R6] a ticket of %s opens nothing', async (_what, forge) => {
  const ticket = await forge()
  const { answer, ended } = await handshake(ticket)
  expect(answer).toMatch(/^44\{.*"code":"unauthorized"/)
  expect(ended).toBe(true)
  if (typeof ticket !== 'string' || ticket.length > 10_000 || !/^[\w.~-]+$/.test(ticket)) return
  const { status, body } = await stage.place.ask('GET', `/api/rooms/${event.rooms[0]}/entries`, { bearer: ticket })
  expect({ status, body }).toMatchObject({ status: 401, body: { ok: false, code: 'unauthorized' } })
})

test('[R6] a good one passes, so the forgeries fail for what they change', async () => {
  expect((await handshake(await signed(ticketHead, claims()))).answer).toMatch(/^40/)
  expect((await handshake(guest.ticket)).answer).toMatch(/^40/)
})

test('[R6] claims that come twice count once, the last: a reader that takes the first cannot be fooled into another', async () => {
  const twice = JSON.stringify(claims()).replace('"role":"owner"', '"role":"owner","role":"attendee"')
  const ticket = await signed(ticketHead, twice)
  using client = (await RawWebSocket.enter(stage.place.url, ticket)).client
  expect(await client.ask(1, 'join', { room: event.rooms[0] })).toMatchObject({ ok: true, role: 'attendee' })
})

test('[R6] a ticket in place of a pass opens nothing', async () => {
  for (const [path, body] of [
    ['/api/ticket', { pass: guest.ticket, event: event.id }],
    ['/api/join', { code: event.code, name: 'X', pass: guest.ticket }],
    ['/api/events', { title: 'X', pass: guest.ticket }],
  ] as const) {
    expect(await stage.place.ask('POST', path, { body })).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
  }
  expect(await stage.place.ask('GET', '/api/events', { bearer: guest.ticket })).toMatchObject({ status: 401 })
})

test('[R6] the ticket of one event opens no room of another, whatever the role there', async () => {
  using client = (await RawWebSocket.enter(stage.place.url, await signed(ticketHead, claims()))).client
  expect(await client.ask(1, 'join', { room: other.rooms[0] })).toMatchObject({ ok: false, code: 'forbidden' })
})

test('[R6] after a revocation no ticket made before opens anything', async () => {
  const banned = await stage.place.guest(event)
  expect((await handshake(banned.ticket)).answer).toMatch(/^40/)
  const path = `/api/events/${event.id}/people/${banned.user}`
  expect((await stage.place.ask('PUT', path, { bearer: event.pass, body: { name: 'X', banned: true } })).status).toBe(
    200,
  )
  expect((await handshake(banned.ticket)).answer).toMatch(/"code":"unauthorized"/)
  expect(await stage.place.ask('GET', `/api/rooms/${event.rooms[0]}/entries`, { bearer: banned.ticket })).toMatchObject(
    { status: 401 },
  )
})
