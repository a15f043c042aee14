import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EventId, Role, RoomId, UserId, api } from '@plenary/kinds'
import { pino } from 'pino'
import { configFrom, startServer } from '../../packages/server/src/index.ts'
import type { ServerOptions } from '../../packages/server/src/index.ts'

/** For somebody who is put off by them. */
const TURNS_MAX = 100

/** An answer of the HTTP interface. */
export interface Answer<T = unknown> {
  status: number
  headers: Headers
  text: string
  /** The text as JSON; null where it is none. */
  body: T
}

/** What there is to know of an event that a test has made. */
export interface TestEvent {
  id: EventId
  code: string
  rooms: readonly RoomId[]
  /** Of its owner. */
  pass: string
}

export interface Guest {
  user: UserId
  role: Role
  pass: string
  ticket: string
}

/** A server as its clients see it: by its address alone. */
export class Place {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  async ask<T = never>(
    method: string,
    path: string,
    more: { body?: unknown; bearer?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const { body, bearer, headers = {} } = more
    const answer = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body: asBody(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) as T }
  }

  async createEvent(title = 'An evening'): Promise<TestEvent> {
    const { status, text, body } = await this.ask<{ event: api.EventInfo; pass: string }>('POST', '/api/events', {
      body: { title },
    })
    if (status !== 201) throw new Error(`No event was made: ${status} ${text}`)
    const { event, pass } = body
    return { id: event.id, code: event.code, rooms: event.rooms.map(({ id }) => id), pass }
  }

  /** Somebody in the event, with a ticket for the role that its owner gives them. */
  async guest(event: TestEvent, role: Role = 'attendee', name = `A ${role}`): Promise<Guest> {
    const comeIn = () =>
      this.ask<api.JoinEventAnswer & { retryAfter?: number }>('POST', '/api/join', { body: { code: event.code, name } })
    let joined = await comeIn()
    // As a device does when many come at once: it waits for its turn.
    for (let turns = 0; joined.status === 503 && turns < TURNS_MAX; turns++) {
      await wait(joined.body.retryAfter ?? 0)
      joined = await comeIn()
    }
    if (joined.status !== 200) throw new Error(`Nobody came in: ${joined.status} ${joined.text}`)
    const { pass, me, ticket } = joined.body
    if (role === 'attendee') return { user: me.id, role, pass, ticket }
    const given = await this.ask('PUT', `/api/events/${event.id}/people/${me.id}`, {
      bearer: event.pass,
      body: { name, role },
    })
    if (given.status !== 200) throw new Error(`The role was not given: ${given.status} ${given.text}`)
    return { user: me.id, role, pass, ticket: await this.ticket(pass, event.id) }
  }

  async ticket(pass: string, event: EventId): Promise<string> {
    const { status, text, body } = await this.ask<api.TicketAnswer>('POST', '/api/ticket', { body: { pass, event } })
    if (status !== 200) throw new Error(`There was no ticket: ${status} ${text}`)
    return body.ticket
  }
}

/** A whole server in this process, on a folder and port of its own. */
export interface Stage extends AsyncDisposable {
  readonly place: Place
  /** Where its database and keys lie. */
  readonly folder: string
}

export async function openStage(options: ServerOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-hostile-'))
  const config = configFrom({ host: '127.0.0.1', port: '0', data: folder })
  const server = await startServer(config, { logger: pino({ level: 'silent' }), ...options })
  return {
    place: new Place(server.url),
    folder,
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const asBody = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
