import { PlenaryError, type ErrorCode, type Identity } from '@plenary/kinds'
import type { z } from 'zod'
import type { Holder } from '../people/tickets.ts'
import type { Platform } from '../platform.ts'
import { parsePart } from './parse.ts'
import type { RequestFacts } from './request-facts.ts'

/** What a request must carry: nothing, a device's pass, or a ticket, as `Authorization: Bearer`. */
export type Credential = 'none' | 'pass' | 'ticket'

interface Who {
  none: null
  pass: Holder
  ticket: Identity
}

/** What a success is when it is not JSON. */
export type Media = 'application/zip' | 'text/csv' | 'image/*'

/** A request before it is checked. */
export interface RawInput {
  params: unknown
  query: unknown
  body: unknown
  facts: RequestFacts
  request: Request
  bearer: string | undefined
}

interface Input<C extends Credential, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  params: z.output<Params>
  query: z.output<Query>
  body: z.output<Body>
  who: Who[C]
  facts: RequestFacts
  request: Request
}

interface Definition<
  C extends Credential,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With `{name}` for parameters. */
  path: string
  /** The operation's name in the OpenAPI document. */
  name: string
  summary: string
  credential: C
  params: Params
  query: Query
  /** `z.undefined()` where there is none. */
  body: Body
  /** A body that is not JSON, which the handler reads from the request. */
  takes?: 'image/*'
  answer: Answer
  /** The answer is a `Response` of this type, which goes out as it is. Without it: JSON. */
  media?: Media
  /** Of success. */
  status: 200 | 201
  /** Codes beside those that any route of its form can answer with. */
  failures: readonly ErrorCode[]
  handle(platform: Platform, input: Input<C, Params, Query, Body>): Promise<z.output<Answer>>
}

/** One line of the table from which requests are checked and served and the OpenAPI document is made. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly credential: Credential
  readonly params: z.ZodType
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly takes?: 'image/*'
  readonly answer: z.ZodType
  readonly media?: Media
  readonly status: 200 | 201
  readonly failures: readonly ErrorCode[]
  serve(platform: Platform, raw: RawInput): Promise<unknown>
}

/** Declares a route: its handler sees only a checked request of somebody whose credential was verified. */
export function route<
  C extends Credential,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(definition: Definition<C, Params, Query, Body, Answer>): Route {
  return {
    ...definition,
    async serve(platform, { params, query, body, facts, request, bearer }) {
      const who = await identify(platform, definition.credential, bearer)
      if (definition.method !== 'get' && who !== null && 'readOnly' in who)
        throw new PlenaryError('forbidden', 'This ticket may only read.')
      if (who !== null) platform.limits.take('askPerPerson', who.user)
      return await definition.handle(platform, {
        params: parsePart(definition.params, params, 'path'),
        query: parsePart(definition.query, query, 'query'),
        body: parsePart(definition.body, body, 'body'),
        // The credential decides the type, which TypeScript cannot follow through the generic.
        who: who as Who[C],
        facts,
        request,
      })
    },
  }
}

async function identify(
  platform: Platform,
  credential: Credential,
  bearer: string | undefined,
): Promise<Who[Credential]> {
  if (credential === 'none') return null
  if (credential === 'ticket') return await platform.tickets.readTicket(bearer ?? '')
  return await platform.tickets.readPass(bearer ?? '')
}
