import { PlenaryError, type api, type EventId, type Template } from '@plenary/kinds'
import { realRuntime, type Runtime } from './clock.ts'
import { createHttp, type Fetch, type Http } from './http.ts'
import { Keyring, type KnownEvent } from './keyring.ts'
import { Session, type SessionStart } from './session.ts'
import { defaultStorage, type Storage } from './storage.ts'
import { socketIoTransport } from './transport-socketio.ts'
import type { Transport } from './transport.ts'

export interface ClientOptions {
  /** Where Plenary is, such as `https://live.example.org`. */
  url: string
  /** Where the pass and unsaved commands are kept; `localStorage` in browsers and memory elsewhere without one. */
  storage?: Storage
  /** Ask for a gateway in this zone. */
  zone?: string
  /** For tests and simulations. */
  runtime?: Runtime
  transport?: Transport
  fetch?: Fetch
}

/** One device's way into Plenary. All methods throw `PlenaryError`. */
export interface Client {
  /** Small typed HTTP for the rest of the platform, with the device's pass. */
  readonly http: Http
  /** The device's lasting credential; null before its first event. */
  pass(): string | null
  /** Takes another pass for the device: the account's, after signing in. */
  usePass(pass: string): void
  /** The events that this device was let into, readable without a network. */
  known(): KnownEvent[]
  createEvent(body: {
    title: string
    name?: string
    template?: Template
  }): Promise<{ event: api.EventInfo; pass: string }>
  /** A room that is part of no event; `kind` must be one that may stand alone. Its event opens like any other. */
  createRoom(body: NewRoom): Promise<{ event: api.EventInfo; pass: string }>
  /** Into a room where somebody waits for another person, or into a new one to wait in; see `stillWaiting`. */
  match(body: { kind: string; title: string; name: string }): Promise<api.MatchAnswer>
  /** To be asked every five seconds while nobody has come: answers the room to be in, which may be another by now. */
  stillWaiting(event: EventId): Promise<api.MatchAgainAnswer>
  /** Into an event by its code; connects in the background. */
  join(body: { code: string; name: string }): Promise<Session>
  /** Back into an event. With nothing reachable it starts from what the device remembers, and goes on trying. */
  open(event: EventId): Promise<Session>
  /** Looks on at an event by a read-only key, as an overlay does; the device's own pass stays out of it. */
  watch(key: string): Promise<Session>
}

/** A room on its own, as it is asked for. */
export interface NewRoom {
  kind: string
  title: string
  settings?: Record<string, unknown>
  /** `closed`: only by invitation. */
  door?: 'open' | 'closed'
  name?: string
}

export function createClient(options: ClientOptions): Client {
  const { url, zone, runtime = realRuntime, transport = socketIoTransport } = options
  const storage = options.storage ?? defaultStorage()
  const keyring = new Keyring(storage)
  const http = createHttp({
    url,
    runtime,
    fetch: options.fetch ?? ((to, init) => fetch(to, init)),
    pass: () => keyring.pass,
  })
  const withPass = () => (keyring.pass === null ? {} : { pass: keyring.pass })

  /** The one that failed is named by the address that the platform gave of it. */
  const avoiding = (avoid: string | null) => (avoid === null ? {} : { headers: { 'plenary-avoid': avoid } })
  const ticket = async (event: EventId, avoid: string | null = null): Promise<api.TicketAnswer> => {
    const { pass } = keyring
    if (pass === null) throw new PlenaryError('unauthorized', 'This device has not joined the event yet.')
    const answer = await http.post<api.TicketAnswer>(
      '/api/ticket',
      { pass, event },
      { bearer: null, ...avoiding(avoid) },
    )
    keyring.remember(answer)
    return answer
  }
  const gateway = async (answer: { gateway: string }, avoid: string | null): Promise<string> => {
    if (zone === undefined) return new URL(answer.gateway, url).href
    const path = `/api/assign?zone=${encodeURIComponent(zone)}`
    const assigned = await http.get<{ url: string }>(path, avoiding(avoid))
    return new URL(assigned.url, url).href
  }
  const session = (
    start: SessionStart,
    tickets = (avoid: string | null): Promise<api.TicketAnswer> => ticket(start.event.id, avoid),
  ) =>
    new Session(
      { http, runtime, storage, transport, gateway, ticket: tickets },
      start.gateway === undefined || zone !== undefined
        ? { event: start.event, me: start.me }
        : { ...start, gateway: new URL(start.gateway, url).href },
    )

  /** As whom the device is known, or as somebody new; what it answers is kept. */
  const asMe = async <Answer extends { pass: string }>(path: string, body: object): Promise<Answer> => {
    const answer = await http.post<Answer>(path, { ...body, ...withPass() }, { bearer: null })
    keyring.keep(answer.pass)
    return answer
  }

  return {
    http,
    pass: () => keyring.pass,
    usePass: (pass) => keyring.keep(pass),
    known: () => keyring.all(),
    createEvent: (body) => asMe('/api/events', body),
    createRoom: (body) => asMe('/api/rooms', body),
    match: (body) => asMe('/api/match', body),
    stillWaiting: (event) => http.post(`/api/match/${event}`, {}),
    async join(body) {
      const answer = await asMe<api.JoinEventAnswer>('/api/join', body)
      keyring.remember({ event: answer.event, me: answer.me })
      return session(answer)
    },
    async open(event) {
      try {
        return session(await ticket(event))
      } catch (error) {
        const known = keyring.known(event)
        if (error instanceof PlenaryError && error.temporary && known !== null) return session(known)
        throw error
      }
    },
    async watch(key) {
      const tickets = (avoid: string | null) =>
        http.post<api.TicketAnswer>('/api/overlay', { key }, { bearer: null, ...avoiding(avoid) })
      return session(await tickets(null), tickets)
    },
  }
}
