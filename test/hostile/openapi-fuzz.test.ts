import { ERRORS } from '@plenary/kinds'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECURITY_HEADERS } from '../../packages/server/src/http/security-headers.ts'
import { arbitraryOf, type JsonSchema } from './schema-arbitrary.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { openStage, type Answer, type Guest, type Stage, type TestEvent } from './stage.ts'

/** Printed by fast-check when something fails; the same one fails again. */
const SEED = 20_251_122
const RUNS = 40

interface Operation {
  operationId: string
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { description: string; content: Record<string, unknown> }>
  security?: Record<string, never[]>[]
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>
}

// The routes must be known before the tests are named; the document is read from a running server like any client does.
const stage: Stage = await openStage()
const openapi = (await stage.place.ask<OpenApi>('GET', '/api/openapi.json')).body
const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method: method.toUpperCase(),
    operation,
  })),
)

let event: TestEvent
let other: TestEvent
let guest: Guest
let known: Record<string, fc.Arbitrary<unknown>>
beforeAll(async () => {
  const { place } = stage
  event = await place.createEvent('Fuzzed')
  other = await place.createEvent('Another')
  guest = await place.guest(event)
  const one = <T>(...values: [T, ...T[]]) => fc.constantFrom(...values)
  known = {
    event: one<string>(event.id, other.id),
    user: one<string>(guest.user),
    room: one<string>(event.rooms[0] ?? '', other.rooms[0] ?? ''),
    code: one(event.code, other.code),
    pass: one(guest.pass, other.pass),
  }
})
afterAll(() => stage[Symbol.asyncDispose]())

interface Sent {
  path: Record<string, unknown>
  query: Record<string, unknown>
  body: unknown
  bearer: string | null
  headers: Record<string, string>
}

/** Requests that are as documented, for the most part; `sprain` puts something wrong into a place. */
function requests(
  { operation }: (typeof routes)[number],
  sprain: (schema: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Sent> {
  const part = (place: 'path' | 'query') => {
    const own = operation.parameters.filter(({ in: where }) => where === place)
    const required = own.filter((each) => each.required).map(({ name }) => name)
    const fields = Object.fromEntries(
      own.map(({ name, schema }) => [name, sprain(fc.oneof(known[name] ?? arbitraryOf(schema), arbitraryOf(schema)))]),
    )
    return fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<Record<string, unknown>>
  }
  const content = operation.requestBody?.content
  const schema = content?.['application/json']?.schema
  const body = schema === undefined ? fc.constant(undefined) : sprain(arbitraryOf(schema, known))
  return fc.record({
    path: part('path'),
    query: part('query'),
    body: content !== undefined && schema === undefined ? fc.oneof(files, sprain(files)) : body,
    bearer: fc.constantFrom(null, event.pass, guest.pass, guest.ticket, 'x', 'a.b.c'),
    headers: fc.constant({}),
  })
}

/** The beginning of an image, and whatever follows. */
const files = fc
  .tuple(
    fc.constantFrom('89504e470d0a1a0a0000000d49484452', 'ffd8ffe0', '47494638396101000100', '52494646', ''),
    fc.uint8Array(),
  )
  .map(([head, rest]) => Buffer.concat([Buffer.from(head, 'hex'), rest]))

const rubbish = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '__proto__',
    '../../etc/passwd',
    '%00',
    "' or 1=1 --",
    '\u0000',
    '\ud800',
    'x'.repeat(70_000),
    '[object Object]',
    '{{7*7}}',
  ),
)
/** A field in so many is something else. */
const sometimes = (valid: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: valid }, { weight: 1, arbitrary: rubbish })
const strangeHeaders = fc.constantFrom<Record<string, string>>(
  {},
  { 'content-type': 'text/plain' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  { authorization: 'Bearer' },
  { authorization: `Bearer ${'x'.repeat(8_000)}` },
  { cookie: 'plenary.session_token=x; __proto__=y' },
  { 'x-forwarded-for': '1.2.3.4, x', 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.test' },
  { 'x-http-method-override': 'DELETE' },
  { accept: 'application/xml', range: 'bytes=0-1', 'if-none-match': '*' },
)

async function send({ method, path }: (typeof routes)[number], sent: Sent): Promise<Answer> {
  const asText = (value: unknown) => (typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value ?? null))
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => encodeURIComponent(asText(sent.path[name]).slice(0, 4_000)) || '_',
  )
  const query = new URLSearchParams(
    Object.entries(sent.query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, asText(value).slice(0, 4_000)]],
    ),
  )
  return await stage.place.ask(method, query.size > 0 ? `${filled}?${query.toString()}` : filled, {
    headers: sent.headers,
    ...(sent.bearer !== null && { bearer: sent.bearer }),
    ...(sent.body !== undefined &&
      method !== 'GET' && { body: typeof sent.body === 'string' ? JSON.stringify(sent.body) : sent.body }),
  })
}

/** All that a refused request could have changed, as those see it who may. */
async function state(): Promise<string> {
  const seen: unknown[] = []
  for (const { id, pass, rooms } of [event, other]) {
    for (const path of [`/api/events/${id}`, `/api/events/${id}/people`]) seen.push(await look(path, pass))
    seen.push(rooms)
  }
  seen.push(await look(`/api/rooms/${event.rooms[0]}/entries`, guest.ticket))
  seen.push(await look('/api/events', event.pass))
  return JSON.stringify(seen)
}

/** Whoever looks after every request is one person, who may ask for so much a second and no more. */
async function look(path: string, bearer: string): Promise<unknown> {
  for (;;) {
    const { status, body, headers } = await stage.place.ask('GET', path, { bearer })
    if (status !== 429) return body
    await wait(Number(headers.get('retry-after')) * 1_000)
  }
}

function expectDocumented({ operation, name }: (typeof routes)[number], answer: Answer): void {
  for (const [header, value] of Object.entries(SECURITY_HEADERS)) expect(answer.headers.get(header), header).toBe(value)
  const documented = Object.keys(operation.responses[String(answer.status)]?.content ?? { 'application/json': null })
  expect(documented).toContain(answer.headers.get('content-type')?.replace(/;.*/, ''))
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|\n\s+at |SQLITE|sqlite|select .* from/)
  expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).not.toBe(500)
  // An address that was made something else by a parameter is no longer the route's.
  if (answer.status === 404 && (answer.body as { message?: string }).message?.includes('address') === true) return
  expect(Object.keys(operation.responses), `${name}: ${answer.text.slice(0, 300)}`).toContain(String(answer.status))
  if (answer.status < 400) return
  const failure = answer.body as {
    ok: boolean
    code: keyof typeof ERRORS
    temporary: boolean
    message: string
    retryAfter?: number
  }
  expect(failure).toMatchObject({
    ok: false,
    temporary: ERRORS[failure.code].temporary,
    message: expect.any(String) as string,
  })
  expect(ERRORS[failure.code].status).toBe(answer.status)
  expect(operation.responses[String(answer.status)]?.description.split(', ')).toContain(failure.code)
  if (failure.retryAfter !== undefined)
    expect(Number(answer.headers.get('retry-after'))).toBe(Math.ceil(failure.retryAfter / 1_000))
}

async function fuzz(route: (typeof routes)[number], all: fc.Arbitrary<Sent>): Promise<void> {
  let before = await state()
  const changing = route.method !== 'GET'
  await fc.assert(
    fc.asyncProperty(all, async (sent) => {
      const answer = await send(route, sent)
      expectDocumented(route, answer)
      if (!changing) return
      const after = await state()
      if (answer.status >= 400) expect(after, `${answer.status} ${answer.text}`).toBe(before)
      before = after
    }),
    { seed: SEED, numRuns: changing ? RUNS / 2 : RUNS, ...(changing && { endOnFailure: true }) },
  )
}

test.each(routes)(
  '[R7] $name answers what is valid, or nearly, as documented, and a refusal changes nothing',
  async (route) => {
    await fuzz(route, requests(route, sometimes))
  },
)

test.each(routes)('[R7] $name answers rubbish with a documented failure', async (route) => {
  const shape = requests(route, () => rubbish)
  await fuzz(
    route,
    fc.record({ sent: shape, headers: strangeHeaders }).map(({ sent, headers }) => ({ ...sent, headers })),
  )
})

const AUTH_PATHS = [
  'sign-up/email',
  'sign-in/email',
  'sign-in/magic-link',
  'sign-out',
  'get-session',
  'callback/oidc',
  'reset-password',
  'update-user',
  'delete-user',
  'error',
  'ok',
  '../events',
  '%2e%2e/x',
  'x'.repeat(2_000),
]
test('[R7] whatever is asked of accounts is refused as anything else is', async () => {
  const bodies = fc.oneof(
    fc.record(
      {
        email: fc.oneof(fc.emailAddress(), rubbish),
        password: rubbish,
        name: rubbish,
        callbackURL: fc.oneof(fc.constant('https://evil.test'), rubbish),
      },
      { requiredKeys: [] },
    ),
    rubbish,
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...AUTH_PATHS),
      fc.constantFrom('GET', 'POST'),
      bodies,
      strangeHeaders,
      async (path, method, body, headers) => {
        const answer = await stage.place.ask<{ ok?: boolean; code: keyof typeof ERRORS }>(method, `/api/auth/${path}`, {
          headers,
          ...(method === 'POST' && { body: typeof body === 'string' ? JSON.stringify(body) : body }),
        })
        for (const [header, value] of Object.entries(SECURITY_HEADERS))
          expect(answer.headers.get(header), header).toBe(value)
        expect(answer.text).not.toMatch(/node_modules|\.ts:\d|\n\s+at |SQLITE|select .* from/)
        expect(answer.status, `${method} ${path} ${answer.text.slice(0, 200)}`).toBeLessThan(500)
        if (answer.status >= 400)
          expect(answer.body, `${method} ${path} ${JSON.stringify(body)?.slice(0, 100)}`).toMatchObject({
            ok: false,
            code: expect.any(String) as string,
          })
        if (answer.status >= 300 && answer.status < 400)
          expect(answer.headers.get('location')).not.toContain('evil.test')
      },
    ),
    { seed: SEED, numRuns: 80 },
  )
})
