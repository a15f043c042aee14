import { ERRORS, api, type ErrorCode } from '@plenary/kinds'
import { z } from 'zod'
import { VERSION } from '../version.ts'
import type { Route } from './route.ts'

type Schema = Record<string, unknown>

const ANY_ROUTE: readonly ErrorCode[] = ['bad_request', 'internal']
const WITH_BODY: readonly ErrorCode[] = ['too_large', 'forbidden']
const WITH_CREDENTIAL: readonly ErrorCode[] = ['unauthorized', 'rate_limited']

/** The OpenAPI 3.1 document of these routes, from the very schemas that check them. */
export function openApiDocument(routes: readonly Route[]): Schema {
  const paths: Record<string, Schema> = {}
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plenary',
      version: VERSION,
      description: 'Live events. The wire protocol of rooms is in docs/SPEC.md.',
    },
    paths,
    components: {
      schemas: { Failure: { ...schemaOf(api.failureSchema), description: 'Every answer that is not a success.' } },
      securitySchemes: {
        pass: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "A device's lasting credential." },
        ticket: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Ten minutes in one event.' },
      },
    },
  }
}

/** All codes that a route can answer with. */
export function failuresOf(route: Route): ErrorCode[] {
  const all = [
    ...ANY_ROUTE,
    ...(hasBody(route) ? WITH_BODY : []),
    ...(route.credential === 'none' ? [] : WITH_CREDENTIAL),
    ...route.failures,
  ]
  return [...new Set(all)]
}

/** Whether requests to a route carry a body. */
export function hasBody(route: Route): boolean {
  return route.method !== 'get' && route.method !== 'delete'
}

function operation(route: Route): Schema {
  return {
    operationId: route.name,
    summary: route.summary,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(hasBody(route) && { requestBody: { required: true, content: request(route) } }),
    responses: {
      [route.status]: { description: 'Done.', content: success(route) },
      ...failureResponses(failuresOf(route)),
    },
    ...(route.credential !== 'none' && { security: [{ [route.credential]: [] }] }),
  }
}

function request({ takes, body }: Route): Schema {
  return takes === undefined ? json(schemaOf(body)) : { [takes]: { schema: { type: 'string', format: 'binary' } } }
}

function success({ media, answer }: Route): Schema {
  return media === undefined ? json(schemaOf(answer)) : { [media]: { schema: { type: 'string' } } }
}

function failureResponses(codes: readonly ErrorCode[]): Schema {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status)
  const content = json({ $ref: '#/components/schemas/Failure' })
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [status, { description: those.join(', '), content }]),
  )
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): Schema[] {
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Schema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, own]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: own,
  }))
}

/** As it stands on the wire, before anything is trimmed or branded. */
function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } }
}
