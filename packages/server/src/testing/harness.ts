import { KeyObject, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { noMetrics, type PlenaryNode, type RevokeOrder } from '@plenary/engine'
import { PlenaryError, kindTable, kinds, type EventId, type RoomId, type UserId, type api } from '@plenary/kinds'
import { generateKeyPair } from 'jose'
import { pino } from 'pino'
import { configFrom } from '../config.ts'
import type { SettingName } from '../settings.ts'
import { eventTable, type RoomTemplate } from '../events/event-table.ts'
import { databaseBlobs } from '../files/blobs-database.ts'
import { createApp } from '../http/app.ts'
import { staticFiles } from '../http/static-files.ts'
import type { ServerMetrics } from '../ops/metrics.ts'
import { createTickets } from '../people/tickets.ts'
import { createPlatform, type Platform } from '../platform.ts'
import { openStore, type Store } from '../store/store.ts'

export interface Answer<T = unknown> {
  status: number
  body: T
  headers: Headers
}

export interface AskOptions {
  body?: unknown
  bearer?: string
  headers?: Record<string, string>
}

export interface Harness extends AsyncDisposable {
  platform: Platform
  /** What the node was told to revoke. */
  revoked: RevokeOrder[]
  /** Commands of the server's own that the node was told. */
  told: { room: RoomId; type: string; body: unknown }[]
  /** Sends a request through the whole HTTP surface. */
  ask<T = never>(method: string, path: string, options?: AskOptions): Promise<Answer<T>>
  /** The same, with the answer as it is. */
  request(method: string, path: string, bearer?: string): Promise<Response>
  createEvent(title?: string): Promise<{ event: api.EventInfo; pass: string; user: UserId }>
  join(code: string, name?: string, pass?: string): Promise<api.JoinEventAnswer>
  /** Somebody with this role in the event, given by its owner. */
  person(
    event: { id: EventId; code: string },
    owner: string,
    role: api.Person['role'],
  ): Promise<{ pass: string; user: UserId }>
  /** Moves the clock on. */
  pass(ms: number): void
}

/** The platform on a database in memory, or another one, with a node that only takes notes. `rooms` are what an event begins with. Closes the database in the end. */
export async function openHarness(
  settings: Partial<Record<SettingName, string>> = {},
  open: () => Promise<Store> = () => openStore(':memory:'),
  rooms: readonly RoomTemplate[] = [{ kind: 'chat', title: 'Chat' }],
): Promise<Harness> {
  let time = Date.now()
  const now = () => time
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  const keys = { ...pair, signing: KeyObject.from(pair.privateKey), sealing: randomBytes(32) }
  const store = await open()
  const revoked: RevokeOrder[] = []
  const told: Harness['told'] = []
  const metrics: ServerMetrics = {
    ...noMetrics,
    request: () => {},
    expose: async () => ({ contentType: 'text/plain', text: '' }),
  }
  const platform = createPlatform({
    kinds: kindTable(kinds),
    config: configFrom(settings),
    nodeId: 'node-test',
    node: notingNode(revoked, told),
    store,
    blobs: databaseBlobs(store),
    events: eventTable({
      store,
      zone: 'local',
      kinds: kindTable(kinds),
      rooms,
      now,
      id: randomUUID,
      pick: randomInt,
    }),
    tickets: createTickets(keys, now),
    authSecret: randomUUID() + randomUUID(),
    metrics,
    logger: pino({ level: 'silent' }),
    now,
    monotonic: now,
  })
  const app = createApp(platform, await staticFiles(fileURLToPath(new URL('./pages', import.meta.url))))

  async function ask<T>(
    method: string,
    path: string,
    { body, bearer, headers = {} }: AskOptions = {},
  ): Promise<Answer<T>> {
    const init = {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const answer = await app.request(`http://plenary.test${path}`, init, {})
    const text = await answer.text()
    const json = text !== '' && answer.headers.get('content-type')?.startsWith('application/json') === true
    return { status: answer.status, body: (json ? JSON.parse(text) : text) as T, headers: answer.headers }
  }

  async function join(code: string, name = 'Guest', pass?: string): Promise<api.JoinEventAnswer> {
    const answer = await ask<api.JoinEventAnswer>('POST', '/api/join', {
      body: { code, name, ...(pass !== undefined && { pass }) },
    })
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return answer.body
  }

  return {
    platform,
    revoked,
    told,
    ask,
    request: async (method, path, bearer) =>
      await app.request(
        `http://plenary.test${path}`,
        { method, ...(bearer !== undefined && { headers: { authorization: `Bearer ${bearer}` } }) },
        {},
      ),
    join,
    async createEvent(title = 'An evening') {
      const { status, body } = await ask<{ event: api.EventInfo; pass: string }>('POST', '/api/events', {
        body: { title },
      })
      if (status !== 201) throw new Error(JSON.stringify(body))
      return { ...body, user: (await platform.tickets.readPass(body.pass)).user }
    },
    async person(event, owner, role) {
      const { pass, me } = await join(event.code, role)
      const path = `/api/events/${event.id}/people/${me.id}`
      if (role !== 'attendee') await ask('PUT', path, { bearer: owner, body: { name: role, role } })
      return { pass, user: me.id }
    },
    pass(ms) {
      time += ms
    },
    [Symbol.asyncDispose]: () => store.destroy(),
  }
}

function notingNode(revoked: RevokeOrder[], told: Harness['told']): PlenaryNode {
  return {
    ready: true,
    start: async () => {},
    stop: async () => {},
    attach: () => {},
    reception: { handshake: () => Promise.reject(new Error('No sockets here.')), welcome: () => null },
    entries: async () => ({ entries: [], after: 0, through: 0, more: false }),
    admit: () => Promise.reject(new PlenaryError('not_found', 'There is no such room.')),
    mayPutFiles: () => Promise.reject(new PlenaryError('not_found', 'There is no such room.')),
    scan: () => Promise.reject(new PlenaryError('not_found', 'There is no such room.')),
    head: async () => 0,
    scanAll: async function* () {},
    tell: async (room, { type, body }) => {
      told.push({ room, type, body })
    },
    assign: async (zone = 'local') => ({ url: 'http://gateway.test', zone }),
    voidTickets: (order) => void revoked.push(order),
    voided: ({ event, user, issuedAt }) =>
      revoked.some((each) => each.event === event && (each.user ?? user) === user && issuedAt <= (each.at ?? 0)),
    state: 'ready',
    connections: 0,
    shards: [],
    revoke: async (order) => {
      revoked.push(order)
    },
  }
}
