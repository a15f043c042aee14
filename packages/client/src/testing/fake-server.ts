import {
  failure,
  isRefusal,
  type api,
  type AnyKind,
  type Batch,
  type CommandId,
  type Entry,
  type EventId,
  type Failure,
  type JoinAnswer,
  type JoinRequest,
  type Json,
  type LogId,
  type Role,
  type RoomId,
  type SendAnswer,
  type SendRequest,
  type SignalRequest,
  type UserId,
  type Welcome,
} from '@plenary/kinds'
import type { Fetch } from '../http.ts'
import { EarlyJoins } from '../early-joins.ts'
import type { ServerMessage, Transport, Wire, WireListener } from '../transport.ts'
import type { FakeRuntime } from './fake-runtime.ts'

export const ROOM = 'room1' as RoomId
export const EVENT = 'event1' as EventId
const ANN = { id: 'ann' as UserId, name: 'Ann', role: 'attendee' as Role }
export const BOB = { id: 'bob' as UserId, name: 'Bob', role: 'attendee' as Role }

/** What goes wrong; each is asked once per occasion, nothing goes wrong by default. */
export interface Faults {
  /** In place of connecting. */
  connect(): Failure | null
  /** The command never reaches the room. */
  loseCommand(): boolean
  loseAck(): boolean
  loseBatch(): boolean
  repeatBatch(): boolean
  /** In place of deciding, once. */
  send(request: SendRequest): Failure | null
  join(request: JoinRequest): Failure | null
  /** The gap is not filled: the present view in its place. */
  reset(): boolean
  ticket(): Failure | null
  /** The network swallows HTTP. */
  http(): boolean
}

interface Link {
  listener: WireListener
  gateway: string
  joined: boolean
  open: boolean
  /** When the last of what is under way arrives. */
  clear: number
  close(): void
}

/** One event with one room behind a network that a test can break: the wire protocol's other end, in memory. */
export class FakeServer {
  readonly kind: AnyKind
  readonly links: Link[] = []
  readonly entries: Entry[] = []
  readonly requests: SendRequest[] = []
  readonly joins: JoinRequest[] = []
  readonly signals: SignalRequest[] = []
  readonly faults: Faults = {
    connect: () => null,
    loseCommand: () => false,
    loseAck: () => false,
    loseBatch: () => false,
    repeatBatch: () => false,
    send: () => null,
    join: () => null,
    reset: () => false,
    ticket: () => null,
    http: () => false,
  }
  readonly runtime: FakeRuntime
  me: api.Me = ANN
  log = 'log1' as LogId
  latencyMs = 1
  /** Empty as of a server that does not say what it takes. */
  takes: Pick<Welcome, 'takes'> = { takes: ['seen', 'join'] }
  /** By how much its wall clock differs from the devices. */
  aheadMs = 0
  tickets = 0
  /** Gateways that those who asked for one could not reach, as they said. */
  readonly avoided: (string | null)[] = []
  state: unknown
  readonly #heads = new Map<CommandId, number>()

  constructor(runtime: FakeRuntime, kind: AnyKind) {
    this.runtime = runtime
    this.kind = kind
    this.state = kind.initial({})
    this.append({ id: ANN.id, name: ANN.name, role: 'owner' }, 'genesis', [])
  }

  get head(): number {
    return this.entries.length
  }

  readonly transport: Transport = {
    connect: (address, listener) => {
      const link: Link = {
        listener,
        gateway: address.gateway,
        joined: false,
        open: true,
        clear: 0,
        close: () => {
          link.open = false
          this.links.splice(this.links.indexOf(link), 1)
        },
      }
      this.links.push(link)
      const refused = this.faults.connect()
      const ask: Wire['join'] = (request, answer) => this.#later(link, () => this.#join(link, request, answer))
      const early = new EarlyJoins(ask)
      this.#later(link, () => {
        if (refused !== null) return this.cut(link, refused)
        const now = this.runtime.now() + this.aheadMs
        const body: Welcome = { node: address.gateway, now, limits: LIMITS_TOLD, ...this.takes }
        const { join = [] } = early.ask(listener.joins?.())
        early.welcomed(body)
        listener.opened()
        this.tell(link, { name: 'welcome', body })
        if (body.takes?.includes('join') !== true) return
        for (const request of join) ask(request, (answer) => early.joined({ room: ROOM, answer }))
      })
      return {
        join: (request, answer) => early.join(request, answer),
        leave: (request, answer) => {
          early.left(request.room)
          this.#later(link, () => answer({ ok: true }))
        },
        send: (request, answer) => this.#later(link, () => this.#send(link, request, answer)),
        signal: (request) => void this.signals.push(request),
        close: () => {
          if (link.open) link.close()
        },
      }
    },
  }

  readonly fetch: Fetch = async (url, init) => {
    if (this.faults.http()) throw new TypeError('fetch failed')
    const { pathname, searchParams } = new URL(url)
    const event = { id: EVENT, code: 'CODE', title: 'Event', status: 'live', rooms: [] }
    if (pathname === '/api/join' || pathname === '/api/ticket') {
      this.avoided.push(init.headers['plenary-avoid'] ?? null)
      const refused = this.faults.ticket()
      if (refused !== null) return reply(refused, 403)
      const gateway = `http://gateway${this.tickets++}`
      return reply({ ticket: `ticket${this.tickets}`, pass: 'pass1', event, me: this.me, gateway })
    }
    if (pathname === '/api/assign') return reply({ url: `http://${searchParams.get('zone')}`, zone: 'any' })
    if (pathname.endsWith('/entries') && init.method === 'GET') {
      const current = init.headers['authorization'] === `Bearer ticket${this.tickets}`
      if (!current) return reply(failure('unauthorized', 'The ticket has expired.'), 401)
      return reply(this.page(Number(searchParams.get('before')), Number(searchParams.get('limit'))))
    }
    return reply(failure('not_found', 'No such path.'), 404)
  }

  page(before: number, limit: number): api.EntriesAnswer {
    const through = before - 1
    const after = Math.max(0, through - limit)
    const about = (entry: Entry) => this.kind.about?.(entry) ?? null
    const entries = this.entries.filter((entry) => {
      if (entry.type === 'created') return false
      const target = about(entry)
      const inside = entry.seq > after && entry.seq <= through
      return inside || (target !== null && target > after && target <= through)
    })
    return { entries, after, through, more: after > 0 }
  }

  /** Writes entries as if this person's command had been taken, and tells all. */
  append(
    by: { id: UserId; name: string; role: Role },
    type: string,
    bodies: Json[],
    id = this.runtime.commandId(),
  ): void {
    const after = this.head
    if (type === 'genesis') {
      this.entries.push({ seq: 1, at: 0, by: null, type: 'created', body: {}, id })
      return
    }
    for (const body of bodies) {
      const entry: Entry = { seq: this.head + 1, at: this.runtime.now(), by, type, body, id }
      this.entries.push(entry)
      this.state = this.kind.evolve(this.state, entry)
    }
    const batch: Batch = { room: ROOM, after, through: this.head, entries: this.entries.slice(after) }
    for (const link of this.links) {
      if (!link.joined || this.faults.loseBatch()) continue
      this.tell(link, { name: 'batch', body: batch })
      if (this.faults.repeatBatch()) this.tell(link, { name: 'batch', body: batch })
    }
  }

  tell(link: Link | undefined, message: ServerMessage): void {
    if (link !== undefined) this.#later(link, () => link.listener.message(message))
  }

  tellAll(message: ServerMessage): void {
    for (const link of this.links.slice()) this.tell(link, message)
  }

  cut(link: Link, reason: Failure | null = null): void {
    if (!link.open) return
    link.close()
    link.listener.closed(reason)
  }

  cutAll(): void {
    for (const link of this.links.slice()) this.cut(link)
  }

  view(): Json {
    return this.kind.view(this.state, 'everyone') as Json
  }

  #join(link: Link, request: JoinRequest, answer: (answer: JoinAnswer) => void): void {
    this.joins.push(request)
    const refused = this.faults.join(request)
    if (refused !== null) return this.#later(link, () => answer(refused))
    link.joined = true
    const cursor = { log: this.log, seq: this.head }
    const common = { ok: true as const, kind: this.kind.name, role: this.me.role, cursor }
    const known = request.cursor?.log === this.log && !this.faults.reset()
    if (known && request.cursor !== undefined) {
      const entries = this.entries.slice(request.cursor.seq)
      return this.#later(link, () => answer({ ...common, entries }))
    }
    const mine = this.kind.mine?.(this.state, this.me.id, () => null) as Json
    const view = this.view()
    const content = this.kind.content?.(this.state, 'everyone') as Json | undefined
    const given = content === undefined ? {} : { content }
    const reset = request.cursor === undefined ? {} : { reset: true as const }
    this.#later(link, () => answer({ ...common, ...reset, view, ...given, mine, mineSeq: cursor.seq }))
  }

  #send(link: Link, request: SendRequest, answer: (answer: SendAnswer) => void): void {
    if (this.faults.loseCommand()) return
    this.requests.push(request)
    const refused = this.faults.send(request)
    if (refused !== null) return this.#later(link, () => answer(refused))
    const told = this.#decide(request)
    if (!this.faults.loseAck()) this.#later(link, () => answer(told))
  }

  #decide({ id: raw, type, body }: SendRequest): SendAnswer {
    const id = raw as CommandId
    const known = this.#heads.get(id)
    if (known !== undefined) return { ok: true, seq: known }
    const outcome = this.kind.decide(this.state, { id, type, body }, this.me, this.runtime.now())
    if (isRefusal(outcome)) return failure('refused', outcome.message, { reason: outcome.refused })
    const drafts = outcome.entries as { type: string; body: Json }[]
    for (const draft of drafts) this.append(this.me, draft.type, [draft.body], id)
    this.#heads.set(id, this.head)
    return { ok: true, seq: this.head }
  }

  /** In order on each link, and not at all once it is gone. */
  #later(link: Link, run: () => void): void {
    link.clear = Math.max(link.clear, this.runtime.now() + this.latencyMs)
    this.runtime.setTimeout(() => link.open && run(), link.clear - this.runtime.now())
  }
}

const LIMITS_TOLD = { commandBytes: 65_536, commandsPerSecond: 20, roomsPerConnection: 100 }

function reply(body: object, status = 200) {
  const json = async () => JSON.parse(JSON.stringify(body)) as unknown
  return { ok: status < 300, status, headers: { get: () => null }, json }
}
