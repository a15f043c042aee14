import {
  failure,
  PlenaryError,
  type AnyClientKind,
  type api,
  type Failure,
  type Millis,
  type Revoked,
  type RoomId,
  type Seq,
} from '@plenary/kinds'
import type { Cancel, Runtime } from './clock.ts'
import { Connection } from './connection.ts'
import type { Http } from './http.ts'
import { Listeners } from './listeners.ts'
import { Room } from './room.ts'
import type { Storage } from './storage.ts'
import type { Address, ServerMessage, Transport } from './transport.ts'

/** How it stands with the connection and with what the user sent. */
export interface Status {
  connection:
    | 'connecting'
    | 'online'
    /** Backing off until `nextTryAt`. */
    | 'waiting'
    /** The device says that it has no network. */
    | 'offline'
    | 'revoked'
    | 'closed'
  /** Commands not yet saved, over all rooms. */
  pending: number
  nextTryAt?: Millis
  /** The node at the other end. */
  node?: string
  /** What was revoked; missing when it was only a refused ticket, which `failure` tells. */
  revoked?: Revoked
  /** Why it waits or was revoked. */
  failure?: Failure
}

/** All of a session that a page shows. */
export interface SessionSnapshot {
  status: Status
  me: api.Me
  event: api.EventInfo
}

/** Which slice of a room's log; see `GET /api/rooms/:id/entries`. */
export interface EntriesQuery {
  before?: number
  after?: number
  from?: Millis
  to?: Millis
  limit?: number
}

export interface SessionParts {
  http: Http
  runtime: Runtime
  storage: Storage
  transport: Transport
  /** A fresh ticket for this event, and a gateway, another than the one to avoid if there is any; throws `PlenaryError`. */
  ticket(avoid: string | null): Promise<api.TicketAnswer>
  /** The gateway to use with it, as an absolute URL. */
  gateway(answer: api.TicketAnswer, avoid: string | null): Promise<string>
}

/** What a session starts from: all of it at hand, or what the device remembers while nothing can be reached. */
export type SessionStart = Pick<api.TicketAnswer, 'event' | 'me'> &
  Partial<Pick<api.TicketAnswer, 'ticket' | 'gateway'>>

/** One person in one event, over one connection. Made by a client's `join` and `open`. */
export class Session {
  readonly #parts: SessionParts
  readonly #connection: Connection
  readonly #rooms = new Map<RoomId, Room>()
  readonly #changed = new Listeners()
  #event: api.EventInfo
  #me: api.Me
  #ticket: string | null
  #snapshot: SessionSnapshot | null = null

  constructor(parts: SessionParts, start: SessionStart) {
    this.#parts = parts
    this.#event = start.event
    this.#me = start.me
    this.#ticket = start.ticket ?? null
    this.#connection = new Connection({
      runtime: parts.runtime,
      transport: parts.transport,
      address: (avoid) => this.#address(avoid),
      people: () =>
        [...this.#rooms.values()].reduce((most, { snapshot }) => Math.max(most, snapshot.presence.total), 0),
      joins: () => [...this.#rooms.values()].flatMap((room) => room.toJoin ?? []),
      up: async (wire) => {
        await Promise.all([...this.#rooms.values()].map((room) => room.attach(wire)))
      },
      down: () => this.#each((room) => room.detach()),
      message: (message, current) => this.#message(message, current),
      revoked: (why) => this.#each((room) => room.refuse(why)),
      woke: () => this.#each((room) => room.resync()),
      changed: () => this.#touch(),
    })
    const { ticket, gateway } = start
    this.#connection.start(ticket === undefined || gateway === undefined ? null : { ticket, gateway })
  }

  get event(): api.EventInfo {
    return this.#event
  }
  get me(): api.Me {
    return this.#me
  }
  get status(): Status {
    return this.snapshot.status
  }
  /** The server's wall clock, within the time that a message takes: what is counted from an entry's `at` is counted with it. */
  readonly now = (): Millis => this.#parts.runtime.now() + this.#connection.aheadMs

  /** The same object while nothing changed. */
  get snapshot(): SessionSnapshot {
    return (this.#snapshot ??= { status: this.#status(), me: this.#me, event: this.#event })
  }

  readonly subscribe = (listener: () => void): Cancel => this.#changed.add(listener)

  /** The room of this id, joined in the background; the same object until it is left. Throws when the session is closed. */
  room<K extends AnyClientKind>(kind: K, id: RoomId): Room<K> {
    const known = this.#rooms.get(id)
    if (known !== undefined) return known as unknown as Room<K>
    if (this.#connection.state.at === 'closed') throw new Error('The session is closed.')
    const { runtime, storage } = this.#parts
    const room = new Room<AnyClientKind>(kind, id, {
      runtime,
      storage,
      me: () => this.#me,
      entries: (of, before, limit) => this.entries(of, { before, limit }),
      silent: (wire) => this.#connection.giveUp(wire),
      takesSeen: () => {
        const { state } = this.#connection
        return state.at === 'online' && state.takes.includes('seen')
      },
      changed: () => this.#touch(),
      left: () => {
        this.#rooms.delete(id)
        this.#touch()
      },
    })
    this.#rooms.set(id, room)
    // Not at once: a page may ask for a room while it renders, when nobody may be told of changes.
    queueMicrotask(() => this.#enter(room))
    return room as unknown as Room<K>
  }

  /** A slice of a room's log, as this person may see it. Throws `PlenaryError`. */
  entries(room: RoomId, query: EntriesQuery): Promise<api.EntriesAnswer> {
    const path = `/api/rooms/${room}/entries?${searchOf(query)}`
    return this.#asked((options) => this.#parts.http.get<api.EntriesAnswer>(path, options))
  }

  /** A document as it was after the entry `at` (now, without it), and what changed since another one. Throws `PlenaryError`. */
  documentAt(room: RoomId, query: { at?: Seq; since?: Seq } = {}): Promise<api.DocumentAnswer> {
    const path = `/api/rooms/${room}/document?${searchOf(query)}`
    return this.#asked((options) => this.#parts.http.get<api.DocumentAnswer>(path, options))
  }

  /** Puts an image beside a room; `url` of the answer is where it is served. Throws `PlenaryError`. */
  upload(room: RoomId, image: Uint8Array<ArrayBuffer>): Promise<api.FileAnswer> {
    const path = `/api/rooms/${room}/files`
    return this.#asked((options) => this.#parts.http.upload<api.FileAnswer>(path, image, options))
  }

  /** Ends the connection, every timer and every listener; what is unsettled stays on the device. */
  close(): void {
    if (this.#connection.state.at === 'closed') return
    this.#connection.close()
    this.#each((room) => room.close())
    this.#rooms.clear()
    this.#changed.clear()
  }

  /** With the ticket, and once more with a fresh one. */
  async #asked<Answer>(ask: (options: { bearer: string }) => Promise<Answer>): Promise<Answer> {
    const bearer = this.#ticket ?? (await this.#renew()).ticket
    try {
      return await ask({ bearer })
    } catch (error) {
      if (!(error instanceof PlenaryError) || error.code !== 'unauthorized') throw error
      return await ask({ bearer: (await this.#renew()).ticket })
    }
  }

  #enter(room: Room): void {
    const { state } = this.#connection
    if (state.at === 'online') void room.attach(state.wire)
    if (state.at === 'revoked') room.refuse(state.failure)
    this.#touch()
  }

  async #address(avoid: string | null): Promise<Address> {
    const answer = await this.#renew(avoid)
    return { ticket: answer.ticket, gateway: await this.#parts.gateway(answer, avoid) }
  }

  async #renew(avoid: string | null = null): Promise<api.TicketAnswer> {
    const answer = await this.#parts.ticket(avoid)
    this.#ticket = answer.ticket
    this.#me = answer.me
    this.#event = answer.event
    this.#touch()
    return answer
  }

  #message(message: ServerMessage, current: boolean): void {
    if (message.name === 'welcome' || message.name === 'goodbye') return
    const { room } = message.body
    if (room !== undefined) this.#rooms.get(room)?.message(message, current)
    else if (message.name === 'revoked') this.#revoked(message.body)
  }

  #revoked(revoked: Revoked): void {
    if (revoked.code === 'role_changed') return this.#connection.renew()
    const [code, text] = REVOKED[revoked.code]
    this.#connection.revoke(revoked, failure(code, text, { reason: revoked.code }))
  }

  #each(work: (room: Room) => void): void {
    for (const room of Array.from(this.#rooms.values())) work(room)
  }

  #status(): Status {
    const { state } = this.#connection
    const pending = [...this.#rooms.values()].reduce((sum, room) => sum + room.unsettled, 0)
    const away = state.at === 'connecting' || state.at === 'waiting'
    return {
      connection: away && !this.#parts.runtime.online() ? 'offline' : state.at,
      pending,
      ...(state.at === 'waiting' ? { nextTryAt: state.nextTryAt } : {}),
      ...(state.at === 'online' && state.node !== null ? { node: state.node } : {}),
      ...(state.at === 'revoked' && state.revoked !== null ? { revoked: state.revoked } : {}),
      ...(state.at === 'waiting' || state.at === 'revoked' ? { failure: state.failure } : {}),
    }
  }

  /** Rooms call it at every change; only what a session shows is told on. */
  #touch(): void {
    const before = this.#snapshot
    const status = this.#status()
    const same = before !== null && sameStatus(before.status, status)
    if (same && before.me === this.#me && before.event === this.#event) return
    this.#snapshot = { status: same ? before.status : status, me: this.#me, event: this.#event }
    this.#changed.tell()
  }
}

function searchOf(query: object): string {
  return new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
}

function sameStatus(one: Status, other: Status): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Status>
  return [...keys].every((key) => one[key] === other[key])
}

const REVOKED = {
  kicked: ['forbidden', 'You were asked to leave this event.'],
  banned: ['forbidden', 'You cannot be in this event any more.'],
  event_ended: ['refused', 'The event has ended.'],
} as const
