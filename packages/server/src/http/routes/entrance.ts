import { PlenaryError, api } from '@plenary/kinds'
import { z } from 'zod'
import { clusterEngines } from '../../config.ts'
import { toInfo } from '../../events/event-table.ts'
import type { Platform } from '../../platform.ts'
import { MISS_COST, type RateName } from '../rate-limits.ts'
import type { RequestFacts } from '../request-facts.ts'
import { route } from '../route.ts'

const nothing = z.strictObject({})
const URL_CHARS_MAX = 2_048

/** The door: codes, passes, tickets, and which gateway to go to. */
export const entranceRoutes = [
  route({
    method: 'get',
    path: '/api/codes/{code}',
    name: 'peek',
    summary: 'What a code opens, before joining.',
    credential: 'none',
    params: z.strictObject({ code: api.codeSchema }),
    query: nothing,
    body: z.undefined(),
    answer: api.peekAnswer,
    status: 200,
    failures: ['not_found', 'rate_limited'],
    async handle(platform, { params, facts }) {
      const event = await limited(platform, 'peekPerAddress', facts, () => platform.entrance.peek(params.code))
      const { id, title, status, form } = event
      return { id, code: params.code, title, status, form, kinds: event.rooms.map(({ kind }) => kind) }
    },
  }),
  route({
    method: 'post',
    path: '/api/join',
    name: 'join',
    summary: 'Come in by code under a name.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.joinBody,
    answer: api.joinAnswer,
    status: 200,
    failures: ['unauthorized', 'forbidden', 'not_found', 'refused', 'rate_limited', 'unavailable'],
    async handle(platform, { body, facts }) {
      const joined = await limited(platform, 'joinPerAddress', facts, () =>
        platform.entrance.join(body.code, body.name, body.pass),
      )
      const { ticket, pass, event, me } = joined
      return { ticket, pass, event: toInfo(event), me, gateway: (await gateway(platform, facts, event.zone)).url }
    },
  }),
  route({
    method: 'post',
    path: '/api/ticket',
    name: 'renewTicket',
    summary: 'Ten more minutes in an event that the pass opens.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.ticketBody,
    answer: api.ticketAnswer,
    status: 200,
    failures: ['unauthorized', 'forbidden', 'not_found', 'refused', 'rate_limited', 'unavailable'],
    async handle(platform, { body, facts, request }) {
      const holder = await platform.tickets.readPass(body.pass)
      platform.limits.take('ticketPerPerson', holder.user)
      const { ticket, event, me } = await platform.entrance.renew(body.event, holder)
      const { url } = await gateway(platform, facts, event.zone, avoided(request))
      return { ticket, event: toInfo(event), me, gateway: url }
    },
  }),
  route({
    method: 'get',
    path: '/api/assign',
    name: 'assign',
    summary: 'The gateway to connect to.',
    credential: 'none',
    params: nothing,
    query: z.strictObject({
      zone: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/)
        .optional(),
    }),
    body: z.undefined(),
    answer: api.assignAnswer,
    status: 200,
    failures: ['unavailable', 'rate_limited'],
    async handle(platform, { query, facts, request }) {
      // Each answer reserves a place.
      platform.limits.take('assignPerAddress', facts.address)
      return await gateway(platform, facts, query.zone, avoided(request))
    },
  }),
  route({
    method: 'post',
    path: '/api/account/pass',
    name: 'claimPass',
    summary: "The signed-in account's pass; what the device's own pass held moves to the account.",
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.passBody,
    answer: api.passAnswer,
    status: 200,
    failures: ['unauthorized'],
    async handle({ accounts, claims }, { body, facts, request }) {
      const account = await accounts.signedIn(request, facts)
      if (account === null) throw new PlenaryError('unauthorized', 'Sign in first.')
      return await claims.claim(account, body.pass)
    },
  }),
]

/** A look-up by code, rationed by address; a code that is not there costs more. */
export async function limited<T>(
  { limits }: Platform,
  rate: RateName,
  { address }: RequestFacts,
  look: () => Promise<T>,
): Promise<T> {
  limits.take(rate, address)
  try {
    return await look()
  } catch (error) {
    if (error instanceof PlenaryError && error.code === 'not_found') limits.charge(rate, address, MISS_COST)
    throw error
  }
}

/** The gateway that this client could not reach. A header, because a node of an older version overlooks it. */
function avoided(request: Request): string | undefined {
  // As addresses of gateways are kept; a client's URL of a mere host ends in a slash.
  return request.headers.get('plenary-avoid')?.slice(0, URL_CHARS_MAX).replace(/\/$/, '')
}

/** Without a public address people stay at the one where they reached us: we cannot know which of ours they can reach. */
export async function gateway(
  { node, config }: Platform,
  facts: RequestFacts,
  zone?: string,
  avoid?: string,
): Promise<{ url: string; zone: string }> {
  const assigned = await node.assign(zone, avoid)
  // Alone, this server is wherever the client found it.
  const alone = clusterEngines(config) === null && config.publicUrl === undefined
  return alone ? { ...assigned, url: facts.origin } : assigned
}
