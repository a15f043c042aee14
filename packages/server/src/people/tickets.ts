import { TICKET_TTL_MS } from '@plenary/engine'
import { PlenaryError, ROLES, type EventId, type Identity, type Millis, type UserId } from '@plenary/kinds'
import { SignJWT, errors, jwtVerify } from 'jose'
import { z } from 'zod'

export const PASS_MS = 365 * 24 * 60 * 60_000
/** How many events a pass remembers having joined; the oldest are forgotten first and need their code again. */
export const PASS_EVENTS = 32

const ISSUER = 'plenary'
const ALGORITHM = 'EdDSA'
const TICKET = { typ: 'plenary-ticket', audience: 'gateway', lifeMs: TICKET_TTL_MS }
const PASS = { typ: 'plenary-pass', audience: 'platform', lifeMs: PASS_MS }
type Form = typeof TICKET

const id = <T extends string>() =>
  z.custom<T>((value) => typeof value === 'string' && /^(?!__proto__$)[\w-]{1,64}$/.test(value))
const passClaims = z.object({ sub: id<UserId>(), name: z.string(), joined: z.array(id<EventId>()).max(PASS_EVENTS) })
const ticketClaims = z.object({
  sub: id<UserId>(),
  name: z.string(),
  event: id<EventId>(),
  role: z.enum(ROLES),
  iat: z.number(),
})

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

/** Passes (a device's lasting credential) and tickets (ten minutes in one event), both signed with Ed25519. */
export function createTickets(keys: { privateKey: CryptoKey; publicKey: CryptoKey }, now: () => Millis): Tickets {
  async function sign(form: Form, claims: Record<string, unknown>, at: Millis): Promise<string> {
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: form.typ })
      .setIssuer(ISSUER)
      .setAudience(form.audience)
      .setIssuedAt(at / 1000)
      .setExpirationTime((at + form.lifeMs) / 1000)
      .sign(keys.privateKey)
  }

  async function verify<T extends z.ZodType>(form: Form, word: string, token: string, claims: T): Promise<z.output<T>> {
    try {
      const { payload } = await jwtVerify(token, keys.publicKey, {
        algorithms: [ALGORITHM],
        typ: form.typ,
        issuer: ISSUER,
        audience: form.audience,
        requiredClaims: ['sub', 'iat', 'exp'],
        currentDate: new Date(now()),
      })
      return claims.parse(payload)
    } catch (cause) {
      const what = cause instanceof errors.JWTExpired ? 'has expired' : 'is not valid'
      throw new PlenaryError('unauthorized', `This ${word} ${what}.`, { cause })
    }
  }

  return {
    signPass: ({ user, name, joined }) => sign(PASS, { sub: user, name, joined: joined.slice(-PASS_EVENTS) }, now()),
    signTicket: ({ user, name, event, role, issuedAt }) => sign(TICKET, { sub: user, name, event, role }, issuedAt),
    async readPass(pass) {
      const { sub, name, joined } = await verify(PASS, 'pass', pass, passClaims)
      return { user: sub, name, joined }
    },
    async readTicket(ticket) {
      const { sub, name, event, role, iat } = await verify(TICKET, 'ticket', ticket, ticketClaims)
      return { user: sub, name, event, role, issuedAt: Math.round(iat * 1000) }
    },
  }
}
