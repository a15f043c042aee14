import { PlenaryError, audienceOf } from '@plenary/kinds'
import type {
  Actor,
  AnyKind,
  api,
  CommandId,
  Entry,
  EventId,
  Identity,
  KindTable,
  Revoked,
  Role,
  RoomId,
  Seq,
  UserId,
} from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import type { Bus } from './bus/bus.ts'
import { Asking } from './gateway/asking.ts'
import type { PathCarrier, Reception } from './gateway/client-socket.ts'
import { Gateway } from './gateway/gateway.ts'
import { RoomZones } from './gateway/room-zones.ts'
import { socketIo } from './gateway/socketio.ts'
import { WebSockets } from './gateway/websocket/websocket.ts'
import { readHistory, scanLog } from './history.ts'
import type { EntriesQuery } from './history.ts'
import type { RoomKeys } from './keys/keys.ts'
import type { RoomLog, StoredEntry } from './log/log.ts'
import type { Metrics } from './metrics.ts'
import type { RoomDirectory } from './owner/loader.ts'
import { Owner } from './owner/owner.ts'
import type { TicketFacts } from './gateway/revocations.ts'
import type { Placement } from './placement/placement.ts'
import type { Registry } from './registry/registry.ts'
import type { Runtime } from './runtime/runtime.ts'

export interface NodeOptions {
  id: string
  zone: string
  /** Where clients reach this node's gateway. */
  url: string
  /** Most sockets at one time. */
  capacity?: number
  /** Share of one core that this process uses, from 0 to 1, for whoever scales. */
  cpuShare?(): number
  /** A process that stood still for so long sends its clients away; the lease's time to live, if not given. */
  stallMs?: number
  /** Sockets of one room that are told something before other work has its turn; 256, if not given. */
  tellAtOnce?: number
  /** What this node does; both, if not given. */
  roles?: { gateway: boolean; owner: boolean }
  runtime: Runtime
  bus: Bus
  log: RoomLog
  /** Keys of what is held in secret; without it nothing can be. */
  keys?: RoomKeys
  placement: Placement
  registry: Registry
  directory: RoomDirectory
  kinds: KindTable
  /** Throws `unauthorized` for whatever is not a living ticket of ours. */
  verifyTicket(ticket: string): Promise<Identity>
  originAllowed(origin: string | undefined, host: string | undefined): boolean
  logger: Logger
  metrics: Metrics
  /** Told of what became durable in rooms that this node owns; perhaps not at all when it ends at once. Does not throw. */
  told?(room: RoomId, kind: AnyKind, entries: readonly StoredEntry[]): void
}

export interface RevokeOrder {
  event: EventId
  /** One person; without it, everyone in the event. */
  user?: UserId
  code: Revoked['code']
  /** When it happened; now, if not given. */
  at?: number
}

/** One Plenary process: the gateway and owner roles on the ports it was given. The ports stay their giver's to close. */
export interface PlenaryNode {
  start(): Promise<void>
  /** Takes sockets from this HTTP server, and lets others take those under their paths. */
  attach(server: HttpServer, others?: readonly PathCarrier[]): void
  /** Where clients come in by any other carrier. */
  readonly reception: Reception
  readonly state: 'starting' | 'ready' | 'draining'
  /** Whether it takes work. */
  readonly ready: boolean
  /** Scrolls through a room's log. Throws `forbidden`, `not_found`, `bad_request`. */
  entries(room: RoomId, who: Identity, query: EntriesQuery): Promise<api.EntriesAnswer>
  /** The kind of a room, and the role in which this person may be in it. Throws `forbidden`, `not_found`. */
  admit(room: RoomId, who: Identity): Promise<{ kind: AnyKind; role: Role }>
  /** Whether this person may put images beside a room, as it stands now. Throws as `admit` does. */
  mayPutFiles(room: RoomId, who: Identity): Promise<boolean>
  /** What this person may see of `(after, through]`, in order, page by page; nothing is concealed. Throws as `admit` does. */
  scan(room: RoomId, who: Identity, after: Seq, through: Seq): Promise<AsyncIterable<Entry[]>>
  /** All that is in `(after, through]`, in order, page by page: for the platform itself, which shows nothing of it to anyone. */
  scanAll(room: RoomId, after: Seq, through: Seq): AsyncIterable<Entry[]>
  /** Has a command of the server's own carried out, once however often it is told (R3). Throws what a client would be answered. */
  tell(room: RoomId, command: { id: CommandId; type: string; body: unknown }): Promise<void>
  /** How far a room reaches. */
  head(room: RoomId): Promise<Seq>
  /** Voids tickets made so far and ends their connections, on every gateway; resolves once each has, or after a second. */
  revoke(order: RevokeOrder): Promise<void>
  /** The same on this gateway alone, for what every node learns by itself. */
  voidTickets(order: RevokeOrder): void
  /** Whether a revocation has voided this ticket. */
  voided(who: TicketFacts): boolean
  /** The gateway that a client should use, another one than `avoid` if there is any. Throws `unavailable` when all are full. */
  assign(zone?: string, avoid?: string): Promise<{ url: string; zone: string }>
  /** Sockets on this node now. */
  readonly connections: number
  /** Shards that this node owns now. */
  readonly shards: readonly number[]
  /** Sends clients on to other gateways, answers what was asked, makes durable what was taken, lets everything go. */
  stop(): Promise<void>
}

const CAPACITY = 20_000
/** The server itself. */
const SYSTEM: Actor = { id: 'system' as UserId, name: 'system', role: 'system' }

export function createNode(options: NodeOptions): PlenaryNode {
  const { runtime, bus, log, placement, registry } = options
  const { gateway: takesClients, owner: ownsRooms } = options.roles ?? { gateway: true, owner: true }
  const { zoneOf } = options.directory
  const zones = new RoomZones(placement.zone, zoneOf === undefined ? undefined : (room) => zoneOf(room))
  const asking = new Asking(bus, runtime, zones, placement.shards)
  const capacity = options.capacity ?? CAPACITY
  const gateway = new Gateway({ ...options, node: options.id, capacity, takesClients, asking })
  const owner = new Owner(options, placement)
  let state: PlenaryNode['state'] = 'starting'

  return {
    async start() {
      if (ownsRooms) await owner.start()
      await gateway.start()
      state = 'ready'
    },
    attach(server, others = []) {
      if (!takesClients) return
      const webSockets = new WebSockets(server, gateway, options)
      gateway.carriedBy(webSockets)
      const elsewhere = others.map(({ path }) => path)
      gateway.carriedBy(socketIo(server, gateway, { ...options, elsewhere, strangers: () => webSockets.strangers }))
      for (const other of others) gateway.carriedBy(other.open(server, gateway))
    },
    reception: gateway,
    get connections() {
      return gateway.connections
    },
    get shards() {
      return owner.shards
    },
    get state() {
      return state
    },
    get ready() {
      return state === 'ready'
    },
    async entries(room, who, query) {
      const { kind, role } = await gateway.admit(room, who)
      return readHistory(log, kind, room, { user: who.user, role }, query)
    },
    admit: (room, who) => gateway.admit(room, who),
    mayPutFiles: (room, who) => gateway.mayPutFiles(room, who),
    async scan(room, who, after, through) {
      const { role } = await gateway.admit(room, who)
      return scanLog(log, room, { audience: audienceOf(role), user: who.user }, after, through)
    },
    scanAll: (room, after, through) => scanLog(log, room, 'all', after, through),
    async tell(room, command) {
      await asking.command({ room, ...command, by: SYSTEM, again: true })
    },
    head: (room) => log.head(room),
    revoke: (order) => gateway.revoke({ at: runtime.now(), ...order }),
    voidTickets: (order) => gateway.voidTickets({ at: runtime.now(), ...order }),
    voided: (who) => gateway.voids(who),
    async assign(zone, avoid) {
      const assigned = await registry.assign(zone, avoid)
      if (assigned === null)
        throw new PlenaryError('unavailable', 'All servers are full right now.', { retryAfter: 2_000 })
      return assigned
    },
    async stop() {
      state = 'draining'
      await gateway.drain()
      await gateway.settle()
      if (ownsRooms) await owner.stop()
      await gateway.stop()
    },
  }
}
