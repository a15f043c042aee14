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
import type { AnyKind, Goodbye, Identity, Json, KindTable, LeaveAnswer, Role, RoomId, SendAnswer, Welcome } from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import type { z } from 'zod'
import type { Bus, Subscription } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import type { Registry } from '../registry/registry.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import type { Asking } from './asking.ts'
import { Channels } from './channels.ts'
import { Connection } from './connection.ts'
import type { ClientSocket } from './connection.ts'
import { rawParser } from './raw-json.ts'
import type { RawJson } from './raw-json.ts'
import { Revocations } from './revocations.ts'
import type { Revocation } from './revocations.ts'
import { TokenBucket } from './token-bucket.ts'

export interface GatewayDeps {
  node: string
  zone: string
  /** Where clients reach this gateway. */
  url: string
  capacity: number
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
  #control: Subscription | null = null
  #io: Server | null = null
  #asked = 0
  #stopping = false

  constructor(deps: GatewayDeps) {
    this.#deps = deps
    this.#handshakes = new TokenBucket(HANDSHAKES_PER_SECOND, HANDSHAKES_BURST, deps.runtime.monotonic())
    this.#channels = new Channels({ ...deps, slow: (connection) => this.#slow.add(connection) }, deps.kinds)
    deps.metrics.gauge('connections', () => this.#connections.size)
  }

  async start(): Promise<void> {
    const { runtime, bus } = this.#deps
    this.#control = await bus.subscribe(CONTROL_TOPIC, ({ header }) => this.#revoked(header as Revocation))
    let round = 0
    this.#timers.push(
      runtime.every(REPORT_MS, () => void this.#report()),
      runtime.every(SLOW_CHECK_MS, () => void this.#tendSlow()),
      runtime.every(PRESENCE_MS, () => {
        const heartbeat = ++round % PRESENCE_HEARTBEAT_ROUNDS === 0
        for (const channel of this.#channels) channel.tendPresence(heartbeat)
      }),
      runtime.every(60_000, () => this.#revocations.forget(runtime.now())),
    )
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
    this.#deps.bus.publish(CONTROL_TOPIC, { header: revocation })
  }

  voids(identity: Identity): boolean {
    return this.#revocations.voids(identity)
  }

  /** The kind of a room and this person's role there. Throws `forbidden` or `not_found`. */
  async admit(room: RoomId, who: Identity): Promise<{ kind: AnyKind; role: Role }> {
    if (this.#revocations.voids(who)) throw new PlenaryError('unauthorized', 'The ticket is no longer valid.')
    const channel = await this.#channels.get(room)
    try {
      return { kind: channel.kind, role: channel.admit(who) }
    } finally {
      this.#channels.release(channel)
    }
  }

  /** Out of the registry, answers what was asked, then ends all connections; clients resume elsewhere or later. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#timers) timer.cancel()
    await this.#deps.registry.remove(this.#deps.node)
    const bye: Goodbye = { within: 0, reason: 'stopping' }
    this.#io?.emit('goodbye', bye)
    const deadline = this.#deps.runtime.monotonic() + STOP_WAIT_MS
    while (this.#asked > 0 && this.#deps.runtime.monotonic() < deadline) {
      await new Promise<void>((resolve) => this.#deps.runtime.after(10, resolve))
    }
    await this.#control?.close()
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
    const welcome: Welcome = { node, now: runtime.now(), limits: { commandBytes, commandsPerSecond, roomsPerConnection } }
    socket.emit('welcome', welcome)

    socket.on('join', (body, ack) => void this.#answer(connection, ack, (reply) => this.#join(connection, body, reply)))
    socket.on('leave', (body, ack) => void this.#answer(connection, ack, (reply) => this.#leave(connection, body, reply)))
    socket.on('send', (body, ack) => void this.#answer(connection, ack, (reply) => this.#send(connection, body, reply)))
    socket.on('signal', (body) => this.#signal(connection, body))
    socket.onAny((event: string, ...args: unknown[]) => {
      if (socket.listenerCount(event as 'join') > 0) return
      const refusal = () => Promise.reject(new PlenaryError('bad_request', 'There is no such message.'))
      void this.#answer(connection, args.at(-1), refusal)
    })
    socket.on('disconnect', () => {
      this.#connections.delete(connection)
      this.#slow.delete(connection)
      for (const { channel } of connection.memberships.values()) this.#leaveChannel(connection, channel.room)
    })
  }

  /** The one place where what a client asked is throttled, answered, and refused with a code. */
  async #answer(connection: Connection, ack: unknown, work: (reply: Reply) => Promise<void>): Promise<void> {
    const reply: Reply = typeof ack === 'function' ? (ack as Reply) : () => {}
    this.#asked++
    try {
      const waitMs = connection.throttle(this.#deps.runtime.monotonic())
      if (waitMs > 0) throw new PlenaryError('rate_limited', 'Too many messages in a short time.', { retryAfter: waitMs })
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
    if (joining.has(room)) throw new PlenaryError('conflict', 'This room is being joined already.')
    joining.add(room)
    try {
      const channel = await this.#channels.get(room)
      try {
        const { answer, enter } = await channel.join(connection, cursor)
        // Whatever changed while the answer was fetched counts.
        if (connection.socket.disconnected) return
        channel.admit(connection.identity)
        this.#leaveChannel(connection, room)
        // In one step: the batches that follow must come after the answer, and none may be missed.
        reply(answer)
        enter()
      } finally {
        this.#channels.release(channel)
      }
    } finally {
      joining.delete(room)
    }
  }

  async #leave(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { room } = parse(leaveSchema, body)
    this.#leaveChannel(connection, room)
    reply({ ok: true })
  }

  #leaveChannel(connection: Connection, room: RoomId): void {
    const membership = connection.memberships.get(room)
    if (membership === undefined) return
    membership.channel.leave(membership)
    this.#channels.release(membership.channel)
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
      const checked = parse(rule.body as z.ZodType, raw, 'body')
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

  #revoked(revocation: Revocation): void {
    this.#revocations.add(revocation)
    for (const connection of this.#connections) {
      const { event, user } = connection.identity
      if (event !== revocation.event || (revocation.user !== undefined && user !== revocation.user)) continue
      if (!this.#revocations.voids(connection.identity)) continue
      connection.socket.emit('revoked', { code: revocation.code })
      connection.end()
    }
  }

  async #report(): Promise<void> {
    const { node, zone, url, capacity, registry } = this.#deps
    try {
      await registry.report({ node, zone, url, capacity, connections: this.#connections.size })
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'the registry did not take a report')
    }
  }

  async #tendSlow(): Promise<void> {
    for (const connection of this.#slow) {
      if (connection.outlet.waitingBytes() > CAUGHT_UP_BYTES) continue
      this.#slow.delete(connection)
      for (const membership of connection.memberships.values()) {
        try {
          await membership.channel.catchUp(membership)
        } catch (error) {
          this.#deps.logger.warn({ err: error, room: membership.channel.room }, 'a slow socket could not be brought up to date yet')
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
  throw new PlenaryError('bad_request', path === '' ? (issue?.message ?? 'Malformed.') : `${path}: ${issue?.message ?? 'malformed'}`)
}

function tooLarge(body: unknown): void {
  const text = JSON.stringify(body) ?? ''
  // Most bodies are far below the limit even if every character took three bytes.
  if (text.length * 3 <= LIMITS.commandBytes || Buffer.byteLength(text) <= LIMITS.commandBytes) return
  throw new PlenaryError('too_large', `A command's body takes at most ${LIMITS.commandBytes} bytes.`)
}
