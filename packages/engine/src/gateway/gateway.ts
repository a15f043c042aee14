import { LIMITS, PlenaryError, handshakeSchema, toFailure } from '@plenary/kinds'
import type { AnyKind, Goodbye, Identity, KindTable, Role, RoomId } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Bus, Subscription } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import type { Registry } from '../registry/registry.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import { within } from '../runtime/within.ts'
import { TAKEN_TOPIC } from '../owner/orders.ts'
import type { TakenNotice } from '../owner/orders.ts'
import type { Asking } from './asking.ts'
import { Channels } from './channels.ts'
import type { Carrier, ClientSocket, Arrival, Received, Reception } from './client-socket.ts'
import { Connection } from './connection.ts'
import { gatewayTopic } from './gateway-orders.ts'
import type { GatewayOrder } from './gateway-orders.ts'
import { Headcount } from './headcount.ts'
import { Requests } from './requests.ts'
import { Revocations } from './revocations.ts'
import type { Revocation, TicketFacts } from './revocations.ts'
import { sendAllOn, sendOn } from './sending-on.ts'
import { watchStalls } from './stall.ts'
import { TokenBucket } from './token-bucket.ts'
import { Verifying } from './verifying.ts'

export interface GatewayDeps {
  node: string
  zone: string
  /** Where clients reach this gateway. */
  url: string
  capacity: number
  cpuShare?(): number
  stallMs?: number
  tellAtOnce?: number
  /** Whether clients are sent here: a node without the gateway role only reads rooms for its HTTP interface. */
  takesClients: boolean
  runtime: Runtime
  bus: Bus
  registry: Registry
  asking: Asking
  kinds: KindTable
  /** Throws `unauthorized` for whatever is not a living ticket of ours. */
  verifyTicket(ticket: string): Promise<Identity>
  logger: Logger
  metrics: Metrics
}

const REPORT_MS = 1_000
const PRESENCE_MS = 500
/** Every so many presence rounds it is repeated even if nothing changed. */
const PRESENCE_HEARTBEAT_ROUNDS = 20
/** So long may sockets hear nothing of entries that only others see. */
const ADVANCE_MS = 1_000
const SLOW_CHECK_MS = 250
/** A slow socket is brought up to date once this little waits. */
const CAUGHT_UP_BYTES = LIMITS.socketConflateBytes / 4
/** Handshakes a second and at once: a storm of returning clients is spread over time. */
const HANDSHAKES_PER_SECOND = 1_000
const HANDSHAKES_BURST = 2_000
const CONTROL_TOPIC = 'control'
/** How long a revocation waits for the other gateways to say that it is in force there. */
const CARRIED_OUT_MS = 1_000
/** How long a stop waits for answers that are on their way. */
const STOP_WAIT_MS = 5_000

/** The gateway role: holds sockets, checks what they ask, and fans out what they may see. */
export class Gateway implements Reception {
  readonly #deps: GatewayDeps
  readonly #channels: Channels
  readonly #requests: Requests
  readonly #connections = new Set<Connection>()
  readonly #headcount = new Headcount()
  readonly #slow = new Set<Connection>()
  readonly #revocations = new Revocations()
  readonly #verifying: Verifying
  readonly #handshakes: TokenBucket
  readonly #timers: Timer[] = []
  #reporting: Timer | null = null
  readonly #subscriptions: Subscription[] = []
  readonly #carriers: Carrier[] = []
  #stopping = false

  constructor(deps: GatewayDeps) {
    this.#deps = deps
    this.#handshakes = new TokenBucket(HANDSHAKES_PER_SECOND, HANDSHAKES_BURST, deps.runtime.monotonic())
    this.#channels = new Channels({ ...deps, slow: (connection) => this.#slow.add(connection) }, deps.kinds)
    this.#verifying = new Verifying(deps)
    this.#requests = new Requests({ ...deps, channels: this.#channels, cut: (connection) => this.#cut(connection) })
    deps.metrics.gauge('connections', () => this.#connections.size)
    deps.metrics.gauge('waiting_bytes', () =>
      [...this.#connections].reduce((sum, { socket }) => sum + socket.waitingBytes(), 0),
    )
    deps.metrics.gauge('waiting_bytes_max', () =>
      [...this.#connections].reduce((most, { socket }) => Math.max(most, socket.waitingBytes()), 0),
    )
  }

  async start(): Promise<void> {
    const { runtime, bus, node } = this.#deps
    this.#subscriptions.push(
      await bus.subscribe(CONTROL_TOPIC, ({ header }) => this.voidTickets(header as Revocation)),
      await bus.subscribe(TAKEN_TOPIC, ({ header }) => this.#taken(header as TakenNotice)),
      // What was said while this node was cut off is lost, and its owner may have put the room away since: nobody would say it again.
      bus.onWhole(() => this.#verifying.add(this.#channels)),
      await bus.respond(gatewayTopic(node), async ({ header }) => {
        this.voidTickets(header as Revocation)
        return { header: null }
      }),
      await bus.subscribe(gatewayTopic(node), ({ header }) => {
        const order = header as GatewayOrder
        sendOn(this.#connections, order.sendOn, { within: order.within, reason: 'balancing' }, runtime)
      }),
    )
    let round = 0
    this.#timers.push(
      watchStalls(runtime, this.#deps.stallMs ?? LIMITS.leaseTtlMs, (forMs) => this.#stoodStill(forMs)),
      runtime.every(SLOW_CHECK_MS, () => void this.#tendSlow()),
      runtime.every(PRESENCE_MS, () => {
        const heartbeat = ++round % PRESENCE_HEARTBEAT_ROUNDS === 0
        for (const channel of this.#channels) channel.tendPresence(heartbeat)
      }),
      runtime.every(LIMITS.gatherMs, () => {
        for (const channel of this.#channels) channel.tendGathered()
      }),
      runtime.every(ADVANCE_MS, () => {
        for (const channel of this.#channels) channel.advance()
      }),
      runtime.every(60_000, () => this.#revocations.forget(runtime.now())),
    )
    if (!this.#deps.takesClients) return
    this.#reporting = runtime.every(REPORT_MS, () => void this.#report())
    await this.#report()
  }

  /** Ends this carrier's connections when it stops. */
  carriedBy(carrier: Carrier): void {
    this.#carriers.push(carrier)
  }

  /**
   * Voids the tickets of a person, or of all, in an event, on every gateway, and ends their connections. Resolves once each living
   * gateway has done so; one that does not say so in time is not waited for, and finds it in the store.
   */
  async revoke(revocation: Revocation): Promise<void> {
    const { bus, runtime, logger } = this.#deps
    // Here at once, whatever becomes of the message.
    this.voidTickets(revocation)
    // For those that are not in the registry: they take nobody in, but may hold somebody still.
    bus.publish(CONTROL_TOPIC, { header: revocation })
    try {
      const late = () => new PlenaryError('timeout', 'Redis did not say in time which gateways there are.')
      await within(runtime, this.#carriedOut(revocation), CARRIED_OUT_MS, late)
    } catch (error) {
      logger.warn({ err: error }, 'not every gateway has said that it has carried out a revocation')
    }
  }

  /** Asked one by one: what is told to all may be lost. */
  async #carriedOut(revocation: Revocation): Promise<void> {
    const { registry, bus, node } = this.#deps
    const others = (await registry.list()).filter((other) => other.node !== node)
    const outcomes = await Promise.allSettled(
      others.map((other) => bus.request(gatewayTopic(other.node), { header: revocation }, CARRIED_OUT_MS)),
    )
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  voids(identity: TicketFacts): boolean {
    return this.#revocations.voids(identity)
  }

  /** The kind of a room and this person's role there. Throws `forbidden` or `not_found`. */
  async admit(room: RoomId, who: Identity): Promise<{ kind: AnyKind; role: Role }> {
    if (this.#revocations.voids(who)) throw new PlenaryError('unauthorized', 'The ticket is no longer valid.')
    return this.#channels.use(room, async (channel) => ({ kind: channel.kind, role: await channel.admitFresh(who) }))
  }

  /** Whether this person may put images beside a room. Throws as `admit` does. */
  async mayPutFiles(room: RoomId, who: Identity): Promise<boolean> {
    const { role } = await this.admit(room, who)
    return await this.#deps.asking.mayPutFiles(room, { id: who.user, role })
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
    const bye: Goodbye = { within: 0, reason: 'stopping' }
    for (const { socket } of this.#connections) socket.emit('goodbye', bye)
    await this.#requests.settle(STOP_WAIT_MS)
  }

  /** Ends all connections; clients resume elsewhere or later. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    this.#verifying.stop()
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.close()))
    await this.#channels.close()
    await Promise.all(this.#carriers.map((carrier) => carrier.close()))
  }

  async handshake(auth: unknown): Promise<Arrival> {
    try {
      this.#takeTurn()
      let identity: Identity
      let joins: Arrival['joins'] = []
      try {
        const { ticket, join } = checkedHandshake(auth)
        if (join !== undefined) joins = join
        identity = await this.#deps.verifyTicket(ticket)
        if (this.#revocations.voids(identity)) throw new PlenaryError('unauthorized', 'The ticket is no longer valid.')
      } catch (error) {
        // Those who have no right to be here take nobody's turn.
        this.#handshakes.giveBack()
        throw error
      }
      if (this.#headcount.hasRoomFor(identity.user)) return { identity, joins }
      throw new PlenaryError('rate_limited', 'Too many connections of one person.', { retryAfter: 5_000 })
    } catch (error) {
      const { code } = toFailure(error)
      this.#deps.metrics.count('handshakes_total', 1, { outcome: code })
      if (code === 'internal') this.#deps.logger.error({ err: error }, 'a handshake failed')
      throw error
    }
  }

  welcome(socket: ClientSocket, { identity, joins }: Arrival): Received | null {
    const { runtime, node, metrics } = this.#deps
    // A revocation may have come while the handshake was on its way, or many of the same person at once.
    if (this.#revocations.voids(identity) || !this.#headcount.hasRoomFor(identity.user)) {
      socket.end()
      return null
    }
    const connection = new Connection(socket, identity, runtime.monotonic())
    this.#connections.add(connection)
    this.#headcount.enter(identity.user)
    metrics.count('handshakes_total', 1, { outcome: 'ok' })
    const { commandBytes, commandsPerSecond, roomsPerConnection } = LIMITS
    const limits = { commandBytes, commandsPerSecond, roomsPerConnection }
    socket.emit('welcome', { node, now: runtime.now(), limits, takes: ['seen', 'join'] })
    for (const join of joins) this.#requests.joinEarly(connection, join)
    return {
      hear: (event, args) => this.#requests.hear(connection, event, args),
      gone: () => {
        this.#connections.delete(connection)
        this.#slow.delete(connection)
        this.#headcount.leave(identity.user)
        for (const membership of connection.memberships.values()) membership.channel.leave(membership)
      },
    }
  }

  #takeTurn(): void {
    const { runtime, capacity } = this.#deps
    const waitMs = this.#handshakes.take(runtime.monotonic())
    if (this.#stopping || waitMs > 0 || this.#connections.size >= capacity) {
      throw new PlenaryError('unavailable', 'This server is full right now.', { retryAfter: Math.max(waitMs, 1_000) })
    }
  }

  /** On this gateway alone. */
  voidTickets(revocation: Revocation): void {
    this.#revocations.add(revocation)
    for (const connection of this.#connections) {
      const { event, user } = connection.identity
      if (event !== revocation.event || (revocation.user !== undefined && user !== revocation.user)) continue
      if (!this.#revocations.voids(connection.identity)) continue
      connection.socket.emit('revoked', { code: revocation.code })
      connection.socket.end()
    }
  }

  /** A shard has a new owner: the rooms of it that are open here are checked against it. */
  #taken({ shard }: TakenNotice): void {
    this.#deps.asking.taken(shard)
    this.#verifying.add([...this.#channels].filter(({ room }) => this.#deps.asking.shardOf(room) === shard))
  }

  #cut(connection: Connection): void {
    this.#deps.metrics.count('slow_closed_total')
    connection.socket.cut()
  }

  /** What a gateway says after it stood still is old, and its clients cannot know for how long it would have been silent. */
  #stoodStill(forMs: number): void {
    this.#deps.logger.warn(
      { forMs, connections: this.#connections.size },
      'this process stood still; its clients are sent away',
    )
    this.#deps.metrics.count('stalls_total')
    for (const { socket } of this.#connections) socket.cut()
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
    // Of a copy: one that is left behind again is looked at in the next round.
    for (const connection of [...this.#slow]) {
      const waiting = connection.socket.waitingBytes()
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

function checkedHandshake(auth: unknown): z.output<typeof handshakeSchema> {
  const { success, data, error } = handshakeSchema.safeParse(auth)
  if (success) return data
  if (error.issues.every(({ path }) => path[0] === 'join'))
    throw new PlenaryError('bad_request', 'The handshake asks for rooms that are none, or too many.')
  throw new PlenaryError('unauthorized', 'The handshake carries no ticket.')
}
