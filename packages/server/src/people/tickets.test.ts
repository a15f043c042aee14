import type { EventId, Identity, UserId } from '@plenary/kinds'
import { SignJWT, UnsecuredJWT, base64url, exportSPKI, generateKeyPair } from 'jose'
import { KeyObject, randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { TICKET_TTL_MS } from '@plenary/engine'
import { PASS_EVENTS, PASS_MS, createTickets, type Holder, type TicketKeys, type Tickets } from './tickets.ts'

const NOW = 1_800_000_000_123
const holder: Holder = { user: 'ada' as UserId, name: 'Ada', joined: ['e1' as EventId] }
const who: Identity = { user: 'ada' as UserId, name: 'Ada', event: 'e1' as EventId, role: 'attendee', issuedAt: NOW }
const ticketClaims = { sub: 'ada', name: 'Ada', event: 'e1', role: 'owner' }

let keys: TicketKeys & { privateKey: CryptoKey }
let now = NOW
let tickets: Tickets
beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  keys = { ...pair, signing: KeyObject.from(pair.privateKey), sealing: randomBytes(32) }
  tickets = createTickets(keys, () => now)
})

test('a ticket says who, where, as what and since when, to the millisecond', async () => {
  expect(await tickets.readTicket(await tickets.signTicket(who))).toEqual(who)
})

test('a pass says who and which events were joined last', async () => {
  expect(await tickets.readPass(await tickets.signPass(holder))).toEqual(holder)
  const many = Array.from({ length: PASS_EVENTS + 3 }, (_, index) => `e${index}` as EventId)
  expect((await tickets.readPass(await tickets.signPass({ ...holder, joined: many }))).joined).toEqual(many.slice(3))
})

/** A ticket that is right in everything but what `change` does to it. */
function ticketLike(alg = 'EdDSA', typ = 'plenary-ticket', changed: Record<string, unknown> = {}) {
  return new SignJWT({
    ...ticketClaims,
    iss: 'plenary',
    aud: 'gateway',
    iat: NOW / 1000,
    exp: NOW / 1000 + 60,
    ...changed,
  }).setProtectedHeader({
    alg,
    typ,
  })
}

const FORGERIES: [what: string, forge: () => string | Promise<string>][] = [
  ['nothing', () => ''],
  ['words', () => 'let me in'],
  [
    'alg none',
    () =>
      new UnsecuredJWT(ticketClaims)
        .setIssuer('plenary')
        .setAudience('gateway')
        .setIssuedAt()
        .setExpirationTime('5m')
        .encode(),
  ],
  [
    'alg none with a header that looks right',
    async () => {
      const [, body = ''] = (await tickets.signTicket(who)).split('.')
      return `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'plenary-ticket' }))}.${body}.`
    },
  ],
  [
    'HS256 with the public key as its secret',
    async () => ticketLike('HS256').sign(new TextEncoder().encode(await exportSPKI(keys.publicKey))),
  ],
  ['another key', async () => ticketLike().sign((await generateKeyPair('EdDSA')).privateKey)],
  ['a pass in place of a ticket', () => tickets.signPass(holder)],
  ['the type of a pass', () => ticketLike('EdDSA', 'plenary-pass').sign(keys.privateKey)],
  ['no type', () => ticketLike('EdDSA', 'JWT').sign(keys.privateKey)],
  ['another audience', () => ticketLike('EdDSA', 'plenary-ticket', { aud: 'platform' }).sign(keys.privateKey)],
  ['another issuer', () => ticketLike('EdDSA', 'plenary-ticket', { iss: 'else' }).sign(keys.privateKey)],
  ['no expiry', () => ticketLike('EdDSA', 'plenary-ticket', { exp: undefined }).sign(keys.privateKey)],
  ['a role that there is not', () => ticketLike('EdDSA', 'plenary-ticket', { role: 'root' }).sign(keys.privateKey)],
  ['no event', () => ticketLike('EdDSA', 'plenary-ticket', { event: undefined }).sign(keys.privateKey)],
  [
    'another body under a good signature',
    async () => {
      const [head, , signature] = (await tickets.signTicket(who)).split('.')
      const body = base64url.encode(
        JSON.stringify({ ...ticketClaims, iss: 'plenary', aud: 'gateway', iat: NOW / 1000, exp: NOW / 1000 + 60 }),
      )
      return `${head}.${body}.${signature}`
    },
  ],
]

/** What is done to a sealed ticket, or with the seal of another. */
const BROKEN_SEALS: [what: string, breakIt: (sealed: string) => string | Promise<string>][] = [
  ['a seal of nothing', (sealed) => sealed.replace(/~.*/, '~')],
  ['a seal of zeros', (sealed) => sealed.replace(/~.*/, `~${'A'.repeat(43)}`)],
  ['half a seal', (sealed) => sealed.slice(0, -20)],
  ['a longer seal', (sealed) => `${sealed}A`],
  ['two seals', (sealed) => `${sealed}~${sealed.split('~')[1]}`],
  ['a seal whose last bits are others', (sealed) => `${sealed.slice(0, -1)}${bitsBeside(sealed.at(-1) ?? '')}`],
  ['a seal before it', (sealed) => sealed.split('~').toReversed().join('~')],
  ['a seal alone', (sealed) => `~${sealed.split('~')[1]}`],
  ['a seal over a changed signature', (sealed) => sealed.replace(/\.[^.~]*~/, `.${'A'.repeat(86)}~`)],
  [
    'the seal of another ticket',
    async (sealed) => `${await ticketLike().sign(keys.privateKey)}~${sealed.split('~')[1]}`,
  ],
  ['the seal of another body', (sealed) => sealed.replace(/\.[^.]+\./, `.${base64url.encode('{"exp":9e9}')}.`)],
  [
    'a seal under a forger’s key',
    (sealed) => otherwise().then((other) => `${sealed.split('~')[0]}~${other.split('~')[1]}`),
  ],
  ['all of a forger’s', () => otherwise()],
  [
    'the seal of a pass',
    async () => (await tickets.signPass(holder)).replace(/^[^~]*/, (await tickets.signTicket(who)).split('~')[0] ?? ''),
  ],
]

/** By one who has other keys for signing and for seals. */
async function otherwise(): Promise<string> {
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  const own = { ...pair, signing: KeyObject.from(pair.privateKey), sealing: randomBytes(32) }
  return createTickets(own, () => now).signTicket(who)
}

/** The letter of base64url that stands for the same bits but those that are not used at the end. */
function bitsBeside(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return letters[letters.indexOf(letter) ^ 1] ?? ''
}

test.each(BROKEN_SEALS)('[R6] a ticket with %s is unauthorized', async (_what, breakIt) => {
  now = NOW
  await expect(tickets.readTicket(await breakIt(await tickets.signTicket(who)))).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'This ticket is not valid.',
  })
})

test('a ticket is good without its seal too, for its signature', async () => {
  now = NOW
  const [signed = ''] = (await tickets.signTicket(who)).split('~')
  expect(await tickets.readTicket(signed)).toEqual(who)
  const [pass = ''] = (await tickets.signPass(holder)).split('~')
  expect(await tickets.readPass(pass)).toEqual(holder)
})

test.each(FORGERIES)('[R6] a ticket of %s is unauthorized', async (_what, forge) => {
  now = NOW
  await expect(tickets.readTicket(await forge())).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'This ticket is not valid.',
  })
})

test('the forger can make a good one, so the forgeries fail for what they change', async () => {
  now = NOW
  await expect(tickets.readTicket(await ticketLike().sign(keys.privateKey))).resolves.toMatchObject({ role: 'owner' })
})

test('[R6] a ticket in place of a pass is unauthorized', async () => {
  await expect(tickets.readPass(await tickets.signTicket(who))).rejects.toMatchObject({ code: 'unauthorized' })
})

test('tickets end after ten minutes and passes after a year', async () => {
  now = NOW
  const [ticket, pass] = [await tickets.signTicket(who), await tickets.signPass(holder)]
  now = NOW + TICKET_TTL_MS - 2000
  await expect(tickets.readTicket(ticket)).resolves.toBeTruthy()
  now = NOW + TICKET_TTL_MS + 2000
  await expect(tickets.readTicket(ticket)).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'This ticket has expired.',
  })
  await expect(tickets.readPass(pass)).resolves.toBeTruthy()
  now = NOW + PASS_MS + 2000
  await expect(tickets.readPass(pass)).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'This pass has expired.',
  })
})
