import {
  LIMITS,
  PlenaryError,
  handshakeSchema,
  joinSchema,
  leaveSchema,
  sendSchema,
  signalSchema,
  toFailure,
} from '@plenary/kinds'
import type {
  AnyKind,
  Goodbye,
  Identity,
  Json,
  KindTable,
  LeaveAnswer,
  Role,
  RoomId,
  SendAnswer,
  Welcome,
} from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import type { z } from 'zod'
import type { Bus, Subscription } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import type { Registry } from '../registry/registry.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import { TAKEN_TOPIC } from '../owner/orders.ts'
import type { TakenNotice } from '../owner/orders.ts'
import type { Asking } from './asking.ts'
import { Channels } from './channels.ts'
import { Connection } from './connection.ts'
import type { ClientSocket } from './connection.ts'
import { RawJson, rawParser } from './raw-json.ts'
import { gatewayTopic } from './gateway-orders.ts'
import type { GatewayOrder } from './gateway-orders.ts'
import { Revocations } from './revocations.ts'
import type { Revocation } from './revocations.ts'
import { sendAllOn, sendOn } from './sending-on.ts'
import { TokenBucket } from './token-bucket.ts'

export interface GatewayDeps {
  node: string
  zone: string
  /** Where clients reach this gateway. */
  url: string
  capacity: number
  cpuShare?(): number
  /** Whether clients are sent here: a node without the gateway role only reads rooms for its HTTP interface. */
  takesClients: boolean
  runtime: Runtime
  bus: Bus
  registry: Registry
  asking: Asking
  kinds: KindTable
  /** Throws `unauthorized` for whatever is not a living ticket of ours. */
  verifyTicket(ticket: string): Promise<Identity>
  originAllowed(origin: string | undefined, host: string | undefined): boolean
  logger: Logger
  metrics: Metrics
}

const REPORT_MS = 1_000
const PRESENCE_MS = 500
/** Every so many presence rounds it is repeated even if nothing changed. */
const PRESENCE_HEARTBEAT_ROUNDS = 20
const SLOW_CHECK_MS = 250
/** A slow socket is brought up to date once this little waits. */
const CAUGHT_UP_BYTES = LIMITS.socketConflateBytes / 4
/** Handshakes a second and at once: a storm of returning clients is spread over time. */
const HANDSHAKES_PER_SECOND = 1_000
const HANDSHAKES_BURST = 2_000
/** What an answer without a view is taken to weigh. */
const ANSWER_BYTES = 256
const FRAME_MAX_BYTES = 1_200_000
const CONNECT_MS = 10_000
const CONTROL_TOPIC = 'control'
/** How long a stop waits for answers that are on their way. */
const STOP_WAIT_MS = 5_000

type Reply = (answer: RawJson | LeaveAnswer | SendAnswer) => void

/** The gateway role: holds sockets, checks what they ask, and fans out what they may see. */
export class Gateway {
  readonly #deps: GatewayDeps
  readonly #channels: Channels
  readonly #connections = new Set<Connection>()
  readonly #slow = new Set<Connection>()
  readonly #revocations = new Revocations()
  readonly #handshakes: TokenBucket
  readonly #timers: Timer[] = []
  #reporting: Timer | null = null
  readonly #subscriptions: Subscription[] = []
  #io: Server | null = null
  #asked = 0
  #stopping = false
  #settling = false

  constructor(deps: GatewayDeps) {
    this.#deps = deps
    this.#handshakes = new TokenBucket(HANDSHAKES_PER_SECOND, HANDSHAKES_BURST, deps.runtime.monotonic())
    this.#channels = new Channels({ ...deps, slow: (connection) => this.#slow.add(connection) }, deps.kinds)
    deps.metrics.gauge('connections', () => this.#connections.size)
    deps.metrics.gauge('waiting_bytes', () =>
      [...this.#connections].reduce((sum, connection) => sum + connection.outlet.waitingBytes(), 0),
    )
  }

  async start(): Promise<void> {
    const { runtime, bus, node } = this.#deps
    this.#subscriptions.push(
      await bus.subscribe(CONTROL_TOPIC, ({ header }) => this.voidTickets(header as Revocation)),
      await bus.subscribe(TAKEN_TOPIC, ({ header }) => this.#taken(header as TakenNotice)),
      await bus.subscribe(gatewayTopic(node), ({ header }) => {
        const { sendOn: count, within } = header as GatewayOrder
        sendOn(this.#connections, count, { within, reason: 'balancing' }, runtime)
      }),
    )
    let round = 0
    this.#timers.push(
      runtime.every(SLOW_CHECK_MS, () => void this.#tendSlow()),
      runtime.every(PRESENCE_MS, () => {
        const heartbeat = ++round % PRESENCE_HEARTBEAT_ROUNDS === 0
        for (const channel of this.#channels) channel.tendPresence(heartbeat)
      }),
      runtime.every(60_000, () => this.#revocations.forget(runtime.now())),
    )
    if (!this.#deps.takesClients) return
    this.#reporting = runtime.every(REPORT_MS, () => void this.#report())
    await this.#report()
  }

  /** Takes sockets from this HTTP server from now on. */
  attach(server: HttpServer): void {
    const { originAllowed } = this.#deps
    const io = new Server(server, {
      serveClient: false,
      parser: rawParser,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: FRAME_MAX_BYTES,
      connectTimeout: CONNECT_MS,
      cors: { origin: (origin, allow) => allow(null, originAllowed(origin, undefined)) },
      allowRequest: (request, allow) => allow(null, originAllowed(request.headers.origin, request.headers.host)),
    })
    io.use((socket, next) => {
      this.#handshake(socket).then(
        () => next(),
        (error: unknown) => {
          const failure = toFailure(error)
          this.#deps.metrics.count('handshakes_total', 1, { outcome: failure.code })
          if (failure.code === 'internal') this.#deps.logger.error({ err: error }, 'a handshake failed')
          next(Object.assign(new Error(failure.message), { data: failure }))
        },
      )
    })
    io.on('connection', (socket) => this.#connected(socket))
    this.#io = io
  }

  /** Voids the tickets of a person, or of all, in an event, on every gateway, and ends their connections. */
  revoke(revocation: Revocation): void {
    // Here at once, whatever becomes of the message.
    this.voidTickets(revocation)
    this.#deps.bus.publish(CONTROL_TOPIC, { header: revocation })
  }

  voids(identity: Identity): boolean {
    return this.#revocations.voids(identity)
  }

  /** The kind of a room and this person's role there. Throws `forbidden` or `not_found`. */
  async admit(room: RoomId, who: Identity): Promise<{ kind: AnyKind; role: Role }> {
    if (this.#revocations.voids(who)) throw new PlenaryError('unauthorized', 'The ticket is no longer valid.')
    return this.#channels.use(room, async (channel) => ({ kind: channel.kind, role: await channel.admitFresh(who) }))
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Out of the registry; then, if others can take them, clients are sent on, each connected there before it leaves. */
  async drain(): Promise<void> {
    const { registry, node, runtime, logger } = this.#deps
    this.#stopping = true
    this.#reporting?.cancel()
    try {
      await registry.remove(node)
      const living = await registry.list()
      const others = living.filter((other) => other.node !== node && other.connections < other.capacity)
      if (others.length > 0) await sendAllOn(this.#connections, runtime)
    } catch (error) {
      // Its own report runs out by itself, and clients come back by themselves.
      logger.warn({ err: error }, 'the registry did not hear that this node stops')
    }
  }

  /** Takes no more, and resolves once what was asked is answered. */
  async settle(): Promise<void> {
    const { runtime } = this.#deps
    this.#settling = true
    const bye: Goodbye = { within: 0, reason: 'stopping' }
    this.#io?.emit('goodbye', bye)
    const deadline = runtime.monotonic() + STOP_WAIT_MS
    while (this.#asked > 0 && runtime.monotonic() < deadline) {
      await new Promise<void>((resolve) => runtime.after(10, resolve))
    }
  }

  /** Ends all connections; clients resume elsewhere or later. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.close()))
    await this.#channels.close()
    this.#io?.disconnectSockets(true)
    await this.#io?.close()
  }

  async #handshake(socket: ClientSocket): Promise<void> {
    const { runtime, capacity } = this.#deps
    const waitMs = this.#handshakes.take(runtime.monotonic())
    if (this.#stopping || waitMs > 0 || this.#connections.size >= capacity) {
      throw new PlenaryError('unavailable', 'This server is full right now.', { retryAfter: Math.max(waitMs, 1_000) })
    }
    const auth = handshakeSchema.safeParse(socket.handshake.auth)
    if (!auth.success) throw new PlenaryError('unauthorized', 'The handshake carries no ticket.')
    const identity = await this.#deps.verifyTicket(auth.data.ticket)
    if (this.#revocations.voids(identity)) throw new PlenaryError('unauthorized', 'The ticket is no longer valid.')
    socket.data = identity
  }

  #connected(socket: ClientSocket): void {
    const { runtime, node, metrics } = this.#deps
    const identity = socket.data as Identity
    // A revocation may have come while the handshake was on its way.
    if (this.#revocations.voids(identity)) return void socket.disconnect(true)
    const connection = new Connection(socket, identity, runtime.monotonic())
    this.#connections.add(connection)
    metrics.count('handshakes_total', 1, { outcome: 'ok' })
    const { commandBytes, commandsPerSecond, roomsPerConnection } = LIMITS
    const welcome: Welcome = {
      node,
      now: runtime.now(),
      limits: { commandBytes, commandsPerSecond, roomsPerConnection },
    }
    socket.emit('welcome', welcome)

    socket.onAny((event: string, ...args: unknown[]) => this.#hear(connection, event, args))
    socket.on('disconnect', () => {
      this.#connections.delete(connection)
      this.#slow.delete(connection)
      for (const { channel } of connection.memberships.values()) this.#leaveChannel(connection, channel.room)
    })
  }

  /** One message of a client, with an acknowledgement as its last argument if it wants an answer. */
  #hear(connection: Connection, event: string, [body, ...more]: unknown[]): void {
    const ack = typeof body === 'function' ? body : more.at(-1)
    const answer = (work: (reply: Reply) => Promise<void>) => void this.#answer(connection, ack, work)
    switch (event) {
      case 'join':
        return answer((reply) => this.#join(connection, body, reply))
      case 'leave':
        return answer((reply) => this.#leave(connection, body, reply))
      case 'send':
        return answer((reply) => this.#send(connection, body, reply))
      case 'signal':
        return this.#signal(connection, body)
      default:
        return answer(() => Promise.reject(new PlenaryError('bad_request', 'There is no such message.')))
    }
  }

  /** The one place where what a client asked is throttled, answered, and refused with a code. */
  async #answer(connection: Connection, ack: unknown, work: (reply: Reply) => Promise<void>): Promise<void> {
    const reply: Reply = (answer) => {
      if (typeof ack !== 'function') return
      connection.outlet.note(answer instanceof RawJson ? answer.text.length : ANSWER_BYTES)
      ;(ack as Reply)(answer)
      if (connection.outlet.waitingBytes() > LIMITS.socketCloseBytes) this.#cut(connection)
    }
    this.#asked++
    try {
      if (this.#settling) throw new PlenaryError('unavailable', 'This server is stopping.', { retryAfter: 500 })
      const waitMs = connection.throttle(this.#deps.runtime.monotonic())
      if (waitMs > 0)
        throw new PlenaryError('rate_limited', 'Too many messages in a short time.', { retryAfter: waitMs })
      await work(reply)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'internal') this.#deps.logger.error({ err: error }, 'a message could not be answered')
      reply(failure)
    } finally {
      this.#asked--
    }
  }

  async #join(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { room, cursor } = parse(joinSchema, body)
    const { memberships, joining } = connection
    if (memberships.size + joining.size >= LIMITS.roomsPerConnection && !memberships.has(room)) {
      throw new PlenaryError('refused', 'Too many rooms on one connection.', { reason: 'too_many_rooms' })
    }
    // Views are large, and one who does not read them must not be made to hold ever more of them.
    if (connection.outlet.waitingBytes() > LIMITS.socketConflateBytes) {
      throw new PlenaryError('slow_consumer', 'Too much waits to be read on this connection.', { retryAfter: 1_000 })
    }
    if (joining.has(room)) throw new PlenaryError('conflict', 'This room is being joined already.')
    const mark = Symbol(room)
    joining.set(room, mark)
    try {
      await this.#channels.use(room, async (channel) => {
        const { answer, enter } = await channel.join(connection, cursor)
        // Whatever changed while the answer was fetched counts.
        if (connection.socket.disconnected) return
        if (joining.get(room) !== mark) throw new PlenaryError('conflict', 'The room was left before it was joined.')
        channel.admit(connection.identity)
        this.#leaveChannel(connection, room)
        // In one step: the batches that follow must come after the answer, and none may be missed.
        reply(answer)
        enter()
      })
    } finally {
      if (joining.get(room) === mark) joining.delete(room)
    }
  }

  async #leave(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { room } = parse(leaveSchema, body)
    connection.joining.delete(room)
    this.#leaveChannel(connection, room)
    reply({ ok: true })
  }

  #leaveChannel(connection: Connection, room: RoomId): void {
    const membership = connection.memberships.get(room)
    membership?.channel.leave(membership)
  }

  async #send(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { metrics } = this.#deps
    try {
      const { room, id, type, body: raw, again } = parse(sendSchema, body)
      const membership = connection.memberships.get(room)
      if (membership === undefined) throw new PlenaryError('forbidden', 'Join the room first.')
      const { commands } = membership.channel.kind
      const rule = Object.hasOwn(commands, type) ? commands[type] : undefined
      if (rule === undefined) throw new PlenaryError('bad_request', 'The room has no such command.')
      if (!rule.allow.includes(membership.role)) throw new PlenaryError('forbidden', 'Your role may not do this.')
      tooLarge(raw)
      const checked = parse(rule.body, raw, 'body')
      const { user, name } = connection.identity
      const by = { id: user, name, role: membership.role }
      const done = await this.#deps.asking.command({ room, id, type, body: checked, by, again: again ?? false })
      metrics.count('commands_total', 1, { outcome: 'ok' })
      reply({ ok: true, ...done })
    } catch (error) {
      metrics.count('commands_total', 1, { outcome: toFailure(error).code })
      throw error
    }
  }

  #signal(connection: Connection, body: unknown): void {
    const sent = this.#passSignal(connection, body)
    this.#deps.metrics.count('signals_total', 1, { outcome: sent ? 'sent' : 'dropped' })
  }

  /** Signals are never answered: what may not pass is dropped. */
  #passSignal(connection: Connection, body: unknown): boolean {
    const signal = signalSchema.safeParse(body)
    if (!signal.success) return false
    const { room, type, body: raw } = signal.data
    const membership = connection.memberships.get(room)
    if (membership === undefined) return false
    const { signals } = membership.channel.kind
    const rule = Object.hasOwn(signals, type) ? signals[type] : undefined
    if (rule === undefined || !rule.allow.includes(membership.role)) return false
    if (!connection.maySignal(type, rule.perSecond, this.#deps.runtime.monotonic())) return false
    const checked = (rule.body as z.ZodType<Json>).safeParse(raw)
    if (!checked.success) return false
    membership.channel.signal(connection, type, checked.data)
    return true
  }

  /** On this gateway alone. */
  voidTickets(revocation: Revocation): void {
    this.#revocations.add(revocation)
    for (const connection of this.#connections) {
      const { event, user } = connection.identity
      if (event !== revocation.event || (revocation.user !== undefined && user !== revocation.user)) continue
      if (!this.#revocations.voids(connection.identity)) continue
      connection.socket.emit('revoked', { code: revocation.code })
      connection.end()
    }
  }

  /** A shard has a new owner: the rooms of it that are open here are checked against it. */
  #taken({ shard }: TakenNotice): void {
    for (const channel of this.#channels) if (this.#deps.asking.shardOf(channel.room) === shard) void channel.verify()
  }

  #cut(connection: Connection): void {
    this.#deps.metrics.count('slow_closed_total')
    connection.cut()
  }

  async #report(): Promise<void> {
    const { node, zone, url, capacity, registry } = this.#deps
    const cpu = this.#deps.cpuShare?.()
    const load = { connections: this.#connections.size, ...(cpu === undefined ? {} : { cpu }) }
    try {
      await registry.report({ node, zone, url, capacity, ...load })
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'the registry did not take a report')
    }
  }

  async #tendSlow(): Promise<void> {
    for (const connection of this.#slow) {
      const waiting = connection.outlet.waitingBytes()
      if (waiting > LIMITS.socketCloseBytes) this.#cut(connection)
      if (waiting > CAUGHT_UP_BYTES) continue
      this.#slow.delete(connection)
      for (const membership of connection.memberships.values()) {
        try {
          await membership.channel.catchUp(membership)
        } catch (error) {
          this.#deps.logger.warn(
            { err: error, room: membership.channel.room },
            'a slow socket could not be brought up to date yet',
          )
        }
        if (membership.behind !== null && connection.socket.connected) this.#slow.add(connection)
      }
    }
  }
}

/** Checks what came from outside. Throws `bad_request` that names the field. */
function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = [at, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
  throw new PlenaryError(
    'bad_request',
    path === '' ? (issue?.message ?? 'Malformed.') : `${path}: ${issue?.message ?? 'malformed'}`,
  )
}

function tooLarge(body: unknown): void {
  let text: string
  try {
    text = JSON.stringify(body) ?? ''
  } catch {
    throw new PlenaryError('bad_request', 'body: nested too deeply')
  }
  // Most bodies are far below the limit even if every character took three bytes.
  if (text.length * 3 <= LIMITS.commandBytes || Buffer.byteLength(text) <= LIMITS.commandBytes) return
  throw new PlenaryError('too_large', `A command's body takes at most ${LIMITS.commandBytes} bytes.`)
}
