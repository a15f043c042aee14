import type { EventId, Identity, UserId } from '@plenary/kinds'
import { SignJWT, UnsecuredJWT, base64url, exportSPKI, generateKeyPair } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { TICKET_TTL_MS } from '@plenary/engine'
import { PASS_EVENTS, PASS_MS, createTickets, type Holder, type Tickets } from './tickets.ts'

const NOW = 1_800_000_000_123
const holder: Holder = { user: 'ada' as UserId, name: 'Ada', joined: ['e1' as EventId] }
const who: Identity = { user: 'ada' as UserId, name: 'Ada', event: 'e1' as EventId, role: 'attendee', issuedAt: NOW }
const ticketClaims = { sub: 'ada', name: 'Ada', event: 'e1', role: 'owner' }

let keys: { privateKey: CryptoKey; publicKey: CryptoKey }
let now = NOW
let tickets: Tickets
beforeAll(async () => {
  keys = await generateKeyPair('EdDSA', { extractable: true })
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
