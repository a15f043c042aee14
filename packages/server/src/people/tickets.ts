import { TICKET_TTL_MS } from '@plenary/engine'
import { PlenaryError, ROLES, type EventId, type Identity, type Millis, type UserId } from '@plenary/kinds'
import { errors, jwtVerify } from 'jose'
import { sign as signBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Seals } from './seals.ts'

export const PASS_MS = 365 * 24 * 60 * 60_000
/** How many events a pass remembers having joined; the oldest are forgotten first and need their code again. */
export const PASS_EVENTS = 32

const ISSUER = 'plenary'
const ALGORITHM = 'EdDSA'
const TICKET = { typ: 'plenary-ticket', audience: 'gateway', lifeMs: TICKET_TTL_MS }
const PASS = { typ: 'plenary-pass', audience: 'platform', lifeMs: PASS_MS }
type Form = typeof TICKET
/** In place of a role: may only read, as an attendee. A node that does not know it lets nobody in. */
const READER = 'reader'

const id = <T extends string>() =>
  z.custom<T>((value) => typeof value === 'string' && /^(?!__proto__$)[\w-]{1,64}$/.test(value))
const passClaims = z.object({ sub: id<UserId>(), name: z.string(), joined: z.array(id<EventId>()).max(PASS_EVENTS) })
const ticketClaims = z.object({
  sub: id<UserId>(),
  name: z.string(),
  event: id<EventId>(),
  role: z.enum([...ROLES, READER]),
  iat: z.number(),
})

function identityOf({ sub, name, event, role, iat }: z.output<typeof ticketClaims>): Identity {
  const who = { user: sub, name, event, issuedAt: Math.round(iat * 1000) }
  return role === READER ? { ...who, role: 'attendee', readOnly: true } : { ...who, role }
}

const holderOf = ({ sub, name, joined }: z.output<typeof passClaims>): Holder => ({ user: sub, name, joined })

/** Whom a pass stands for. A guest's joined events are kept nowhere else. */
export interface Holder {
  user: UserId
  name: string
  /** Newest last. */
  joined: readonly EventId[]
}

export interface Tickets {
  signPass(holder: Holder): Promise<string>
  /** `who.issuedAt` is from before the role was read, so that any later change of role voids the ticket. */
  signTicket(who: Identity): Promise<string>
  /** Throws `unauthorized`. */
  readPass(pass: string): Promise<Holder>
  /** Throws `unauthorized`. Says nothing of revocations. */
  readTicket(ticket: string): Promise<Identity>
}

export interface TicketKeys {
  publicKey: CryptoKey
  signing: KeyObject
  sealing: Uint8Array
}

/** What is decoded is signed or sealed by us. */
const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Passes (a device's lasting credential) and tickets (ten minutes in one event): JWTs signed with Ed25519, and sealed for the nodes that
 * give them out, which then need not check the signature.
 */
export function createTickets({ publicKey, signing, sealing }: TicketKeys, now: () => Millis): Tickets {
  const seals = new Seals(sealing)

  function sign(form: Form, claims: Record<string, unknown>, at: Millis): string {
    const times = { iat: at / 1000, exp: (at + form.lifeMs) / 1000 }
    const body = encode({ ...claims, iss: ISSUER, aud: form.audience, ...times })
    const input = `${encode({ alg: ALGORITHM, typ: form.typ })}.${body}`
    const token = `${input}.${signBytes(null, Buffer.from(input), signing).toString('base64url')}`
    return seals.seal(form.typ, token)
  }

  async function verify<T extends z.ZodType, R>(
    form: Form,
    word: string,
    token: string,
    claims: T,
    take: (claims: z.output<T>) => R,
  ): Promise<R> {
    try {
      const known = seals.open(form.typ, token)
      if (known === null) throw new Error('The seal does not fit.')
      // Thousands of sealed ones may come at once; what was made here needs no look at its shape, and each step that waits costs as much as a hash.
      return take(
        known === undefined ? claims.parse(await readSigned(form, token)) : (readSealed(known) as z.output<T>),
      )
    } catch (cause) {
      const what = cause instanceof errors.JWTExpired ? 'has expired' : 'is not valid'
      throw new PlenaryError('unauthorized', `This ${word} ${what}.`, { cause })
    }
  }

  async function readSigned(form: Form, token: string): Promise<unknown> {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      typ: form.typ,
      issuer: ISSUER,
      audience: form.audience,
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: new Date(now()),
    })
    return payload
  }

  /** As we gave it out ourselves, so only its time can be over. */
  function readSealed(token: string): unknown {
    const payload = decode(token.split('.')[1] ?? '') as { exp: number }
    if (payload.exp <= now() / 1000) throw new errors.JWTExpired('"exp" is over', payload)
    return payload
  }

  return {
    async signPass({ user, name, joined }) {
      return sign(PASS, { sub: user, name, joined: joined.slice(-PASS_EVENTS) }, now())
    },
    async signTicket({ user, name, event, role, issuedAt, readOnly }) {
      return sign(TICKET, { sub: user, name, event, role: readOnly === true ? READER : role }, issuedAt)
    },
    readPass: (pass) => verify(PASS, 'pass', pass, passClaims, holderOf),
    readTicket: (ticket) => verify(TICKET, 'ticket', ticket, ticketClaims, identityOf),
  }
}
