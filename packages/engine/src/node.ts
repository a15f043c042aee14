import { PlenaryError } from '@plenary/kinds'
import type { EventId, Identity, KindTable, Revoked, RoomId, UserId, api } from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import type { Bus } from './bus/bus.ts'
import { Asking } from './gateway/asking.ts'
import { Gateway } from './gateway/gateway.ts'
import { readHistory } from './history.ts'
import type { EntriesQuery } from './history.ts'
import type { RoomLog } from './log/log.ts'
import type { Metrics } from './metrics.ts'
import type { RoomDirectory } from './owner/loader.ts'
import { Owner } from './owner/owner.ts'
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
  runtime: Runtime
  bus: Bus
  log: RoomLog
  placement: Placement
  registry: Registry
  directory: RoomDirectory
  kinds: KindTable
  /** Throws `unauthorized` for whatever is not a living ticket of ours. */
  verifyTicket(ticket: string): Promise<Identity>
  originAllowed(origin: string | undefined, host: string | undefined): boolean
  logger: Logger
  metrics: Metrics
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
  /** Takes sockets from this HTTP server. */
  attach(server: HttpServer): void
  /** Whether it takes work. */
  readonly ready: boolean
  /** Scrolls through a room's log. Throws `forbidden`, `not_found`, `bad_request`. */
  entries(room: RoomId, who: Identity, query: EntriesQuery): Promise<api.EntriesAnswer>
  /** Voids tickets made so far and ends their connections, on every gateway. */
  revoke(order: RevokeOrder): Promise<void>
  /** Whether a revocation has voided this ticket. */
  voided(who: Identity): boolean
  /** The gateway that a client should use. Throws `unavailable` when all are full. */
  assign(zone?: string): Promise<{ url: string; zone: string }>
  /** Answers what was asked, makes durable what was taken, lets everything go. */
  stop(): Promise<void>
}

const CAPACITY = 20_000

export function createNode(options: NodeOptions): PlenaryNode {
  const { runtime, bus, log, placement, registry } = options
  const asking = new Asking(bus, runtime, placement.zone, placement.shards)
  const gateway = new Gateway({ ...options, node: options.id, capacity: options.capacity ?? CAPACITY, asking })
  const owner = new Owner(options, placement)
  let ready = false

  return {
    async start() {
      await owner.start()
      await gateway.start()
      ready = true
    },
    attach: (server) => gateway.attach(server),
    get ready() {
      return ready
    },
    async entries(room, who, query) {
      const { kind, role } = await gateway.admit(room, who)
      return readHistory(log, kind, room, { user: who.user, role }, query)
    },
    async revoke(order) {
      gateway.revoke({ at: runtime.now(), ...order })
    },
    voided: (who) => gateway.voids(who),
    async assign(zone) {
      const assigned = await registry.assign(zone)
      if (assigned === null) throw new PlenaryError('unavailable', 'All servers are full right now.', { retryAfter: 2_000 })
      return assigned
    },
    async stop() {
      ready = false
      await gateway.stop()
      await owner.stop()
    },
  }
}

