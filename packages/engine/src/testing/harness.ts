import { kindTable } from '@plenary/kinds'
import type {
  AnyKind,
  Batch,
  ClientEvents,
  EventId,
  Identity,
  JoinAnswer,
  RoomId,
  RoomSpec,
  SendAnswer,
  ServerEvents,
  UserId,
} from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { memoryBus } from '../bus/bus-memory.ts'
import type { Bus } from '../bus/bus.ts'
import { openSqliteLog } from '../log/log-sqlite.ts'
import type { RoomLog } from '../log/log.ts'
import { noMetrics } from '../metrics.ts'
import { createNode } from '../node.ts'
import type { PlenaryNode } from '../node.ts'
import { shardName } from '../owner/orders.ts'
import { soloPlacement } from '../placement/placement-solo.ts'
import { memoryRegistry } from '../registry/registry-memory.ts'
import { realRuntime } from '../runtime/runtime-real.ts'
import { tally } from './tally.ts'

export type TestSocket = Socket<ServerEvents, ClientEvents>

export interface TestNode extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly node: PlenaryNode
  readonly log: RoomLog
  readonly bus: Bus
  /** A connected client. Tickets of the tests are plain JSON: what a ticket is worth is the server's business. */
  connect(who?: Partial<Identity>): Promise<TestClient>
  /** Ends without a goodbye and starts again on the same folder. */
  restart(): Promise<TestNode>
}

export interface TestNodeOptions {
  folder?: string
  kinds?: readonly AnyKind[]
  rooms?: Record<string, RoomSpec>
  shards?: number
  /** Stands between the engine and its log. */
  wrapLog?(log: RoomLog): RoomLog
  wrapBus?(bus: Bus): Bus
}

export const EVENT = 'event-a' as EventId
export const ROOM = 'room-a' as RoomId
const DEFAULT_ROOMS: Record<string, RoomSpec> = {
  [ROOM]: { kind: 'tally', settings: {}, access: { event: EVENT } },
  'room-b': { kind: 'tally', settings: {}, access: { event: 'event-b' as EventId } },
}

/** The whole engine in one process, on a folder and port of its own. */
export async function startTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-engine-')))
  const shards = options.shards ?? 4
  const runtime = realRuntime()
  const memory = memoryBus(runtime)
  const bus = options.wrapBus?.(memory) ?? memory
  const stored = await openSqliteLog({ file: join(folder, 'log.db') })
  const log = options.wrapLog?.(stored) ?? stored
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const rooms = options.rooms ?? DEFAULT_ROOMS
  const node = createNode({
    id: 'node-1',
    zone: 'z',
    url,
    runtime,
    bus,
    log,
    placement: soloPlacement({ zone: 'z', shards, epochOf: (shard) => log.epoch(shardName('z', shard)) }),
    registry: memoryRegistry(runtime),
    directory: { find: async (room) => rooms[room] ?? null },
    kinds: kindTable(options.kinds ?? [tally]),
    verifyTicket: async (ticket) => JSON.parse(ticket) as Identity,
    originAllowed: () => true,
    logger: pino({ level: 'silent' }),
    metrics: noMetrics,
  })
  await node.start()
  node.attach(http)

  const clients: TestClient[] = []
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    for (const client of clients) client.socket.disconnect()
    await node.stop()
    await new Promise((resolve) => http.close(resolve))
    await stored.close()
  }
  return {
    url,
    folder,
    node,
    log,
    bus,
    async connect(who = {}) {
      const client = await TestClient.connect(url, who)
      clients.push(client)
      return client
    },
    async restart() {
      await stop()
      return startTestNode({ ...options, folder })
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function identity(who: Partial<Identity> = {}): Identity {
  return { user: 'ann' as UserId, name: 'Ann', event: EVENT, role: 'attendee', issuedAt: Date.now() + 60_000, ...who }
}

/** A bare client that remembers what it was told. */
export class TestClient {
  readonly socket: TestSocket
  readonly batches: Batch[] = []

  private constructor(socket: TestSocket) {
    this.socket = socket
    socket.on('batch', (batch) => this.batches.push(batch))
  }

  static async connect(url: string, who: Partial<Identity>): Promise<TestClient> {
    const ticket = JSON.stringify(identity(who))
    const socket: TestSocket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { ticket } })
    const client = new TestClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    return client
  }

  join(room: string = ROOM, cursor?: { log: string; seq: number }): Promise<JoinAnswer> {
    return this.socket.emitWithAck('join', cursor === undefined ? { room } : { room, cursor })
  }

  send(type: string, body: unknown, more: { room?: string; id?: string; again?: boolean } = {}): Promise<SendAnswer> {
    return this.socket.emitWithAck('send', { room: ROOM, id: randomUUID(), type, body, ...more })
  }

  /** Visible entries so far, in the order of their arrival. */
  get entries(): Batch['entries'] {
    return this.batches.flatMap((batch) => batch.entries)
  }

  /** Resolves once the condition holds after some message; rejects after five seconds. */
  async until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000
    while (!holds()) {
      if (Date.now() > deadline) throw new Error('What was waited for did not come.')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

