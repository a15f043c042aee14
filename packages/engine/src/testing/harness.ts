import { kindTable } from '@plenary/kinds'
import type {
  Actor,
  AnyKind,
  Batch,
  ClientEvents,
  CommandId,
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
import type { MetricName, Metrics } from '../metrics.ts'
import type { RoomKeys } from '../keys/keys.ts'
import { openSqliteKeys } from '../keys/keys-sqlite.ts'
import { createNode } from '../node.ts'
import type { NodeOptions, PlenaryNode } from '../node.ts'
import { shardName, shardOf, shardTopic } from '../owner/orders.ts'
import type { CommandDone, CommandOrder, Order } from '../owner/orders.ts'
import { soloPlacement } from '../placement/placement-solo.ts'
import { memoryRegistry } from '../registry/registry-memory.ts'
import type { Registry } from '../registry/registry.ts'
import { realRuntime } from '../runtime/runtime-real.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { SkippingRuntime } from './runtime-skipping.ts'
import { tally } from './tally.ts'

export type TestSocket = Socket<ServerEvents, ClientEvents>

export interface TestNode extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly node: PlenaryNode
  readonly log: RoomLog
  readonly bus: Bus
  readonly registry: Registry
  /** A connected client. Tickets of the tests are plain JSON: what a ticket is worth is the server's business. */
  connect(who?: Partial<Identity>): Promise<TestClient>
  /** Ends and starts again on the same folder, with options changed. */
  restart(changed?: Partial<TestNodeOptions>): Promise<TestNode>
  /** Ends as a process does that is killed: nothing more reaches the log. Starts again on the same folder. */
  crash(changed?: Partial<TestNodeOptions>): Promise<TestNode>
  /** Straight to the owner of the room, past the gateway's limits. */
  command(type: string, body: unknown, more?: Partial<CommandOrder>): Promise<CommandDone>
  /** What was counted so far under this name, over all labels or the one given. */
  counted(name: MetricName, label?: string): number
  /** A gauge's figure now. */
  gauge(name: MetricName): number
}

export interface TestNodeOptions {
  folder?: string
  kinds?: readonly AnyKind[]
  rooms?: Record<string, RoomSpec>
  shards?: number
  id?: string
  roles?: NonNullable<NodeOptions['roles']>
  runtime?: Runtime
  /** The ports of another node, to run beside it; they stay its to close. */
  beside?: TestNode
  /** Stands between the engine and its log. */
  wrapLog?(log: RoomLog): RoomLog
  wrapBus?(bus: Bus): Bus
  /** Null: this node has none. */
  wrapKeys?(keys: RoomKeys): RoomKeys | null
}

export const EVENT = 'event-a' as EventId
export const ROOM = 'room-a' as RoomId
const DEFAULT_ROOMS: Record<string, RoomSpec> = {
  [ROOM]: { kind: 'tally', settings: {}, access: { event: EVENT } },
  'room-b': { kind: 'tally', settings: {}, access: { event: 'event-b' as EventId } },
}

const SENDER: Actor = { id: 'sender' as UserId, name: 'Sender', role: 'owner' }

/** Keeps what is counted, so that tests can ask. */
class Figures implements Metrics {
  readonly #counts = new Map<string, number>()
  readonly #gauges = new Map<MetricName, () => number>()

  count(name: MetricName, value = 1, labels: Record<string, string> = {}): void {
    for (const key of [name, ...Object.values(labels).map((label) => `${name} ${label}`)]) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + value)
    }
  }

  observe(): void {}

  gauge(name: MetricName, read: () => number): void {
    this.#gauges.set(name, read)
  }

  counted(name: MetricName, label?: string): number {
    return this.#counts.get(label === undefined ? name : `${name} ${label}`) ?? 0
  }

  read(name: MetricName): number {
    return this.#gauges.get(name)?.() ?? 0
  }
}

/** The whole engine in one process, on a folder and port of its own. */
export async function startTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-engine-')))
  const shards = options.shards ?? 4
  const runtime = options.runtime ?? realRuntime()
  const memory = options.beside?.bus ?? memoryBus(runtime)
  const bus = options.wrapBus?.(memory) ?? memory
  const stored = options.beside?.log ?? (await openSqliteLog({ file: join(folder, 'log.db') }))
  const log = options.wrapLog?.(stored) ?? stored
  const kept = openSqliteKeys({ file: join(folder, 'keys.db') })
  const keys = options.wrapKeys === undefined ? kept : options.wrapKeys(kept)
  const registry = options.beside?.registry ?? memoryRegistry(runtime)
  const figures = new Figures()
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const rooms = options.rooms ?? DEFAULT_ROOMS
  const node = createNode({
    id: options.id ?? 'node-1',
    zone: 'z',
    url,
    runtime,
    bus,
    log,
    ...(keys !== null && { keys }),
    placement: soloPlacement({ zone: 'z', shards, epochOf: (shard) => log.epoch(shardName('z', shard)) }),
    registry,
    directory: { find: async (room) => rooms[room] ?? null },
    kinds: kindTable(options.kinds ?? [tally]),
    ...(options.roles && { roles: options.roles }),
    // Few are in a room here, and whatever may come between two of them shall.
    tellAtOnce: 1,
    // Time that is skipped looks like it.
    ...(options.runtime instanceof SkippingRuntime && { stallMs: Infinity }),
    verifyTicket: async (ticket) => JSON.parse(ticket) as Identity,
    originAllowed: () => true,
    logger: pino({ level: 'silent' }),
    metrics: figures,
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
    await kept.close()
    if (options.beside === undefined) await stored.close()
  }
  return {
    url,
    folder,
    node,
    log,
    bus,
    registry,
    async connect(who = {}) {
      const client = await TestClient.connect(url, who)
      clients.push(client)
      return client
    },
    async restart(changed = {}) {
      await stop()
      return startTestNode({ ...options, ...changed, folder })
    },
    async crash(changed = {}) {
      await stored.close()
      await stop()
      return startTestNode({ ...options, ...changed, folder })
    },
    async command(type, body, more = {}) {
      const command = { room: ROOM, id: randomUUID() as CommandId, type, body, by: SENDER, again: false, ...more }
      const topic = shardTopic('z', shardOf(command.room, shards))
      return (await bus.request(topic, { header: { op: 'command', command } satisfies Order }, 10_000))
        .header as CommandDone
    },
    counted: (name, label) => figures.counted(name, label),
    gauge: (name) => figures.read(name),
    async [Symbol.asyncDispose]() {
      await stop()
      if (options.beside === undefined) await rm(folder, { recursive: true, force: true })
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
  /** Everything that came over the wire, as it came. */
  readonly frames: string[] = []
  readonly told: { event: string; body: unknown }[] = []

  readonly user: UserId

  private constructor(socket: TestSocket, user: UserId) {
    this.socket = socket
    this.user = user
    socket.on('batch', (batch) => this.batches.push(batch))
    socket.onAny((event: string, body: unknown) => this.told.push({ event, body }))
    socket.io.once('open', () => {
      socket.io.engine.on('packet', ({ data }: { data?: unknown }) =>
        this.frames.push(typeof data === 'string' ? data : ''),
      )
    })
  }

  /** Bodies of the events of one name, in the order of their arrival. */
  heard<E extends keyof ServerEvents>(event: E): Parameters<ServerEvents[E]>[0][] {
    return this.told.filter((each) => each.event === event).map((each) => each.body as Parameters<ServerEvents[E]>[0])
  }

  /** Whether this text came over the wire at any time. */
  saw(text: string): boolean {
    return this.frames.some((frame) => frame.includes(text))
  }

  static async connect(url: string, who: Partial<Identity>): Promise<TestClient> {
    const own = identity(who)
    const ticket = JSON.stringify(own)
    const socket: TestSocket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { ticket },
    })
    const client = new TestClient(socket, own.user)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    return client
  }

  join(room: string = ROOM, cursor?: { log: string; seq: number }): Promise<JoinAnswer> {
    return quiet(this.socket.emitWithAck('join', cursor === undefined ? { room } : { room, cursor }))
  }

  send(
    type: string,
    body: unknown,
    more: { room?: string; id?: string; again?: boolean; seen?: number } = {},
  ): Promise<SendAnswer> {
    return quiet(this.socket.emitWithAck('send', { room: ROOM, id: randomUUID(), type, body, ...more }))
  }

  /** Visible entries so far, in the order of their arrival. */
  get entries(): Batch['entries'] {
    return this.batches.flatMap((batch) => batch.entries)
  }

  /** Resolves once the condition holds after some message; rejects after five seconds. */
  until(holds: () => boolean): Promise<void> {
    return until(holds)
  }
}

/** An answer that a test gave up waiting for is no error of its own. */
function quiet<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined)
  return answer
}

/** Resolves once the condition holds; rejects when that takes too long, which without `waitMs` is no bar but an end to hanging. */
export async function until(holds: () => boolean, waitMs = 20_000): Promise<void> {
  const deadline = performance.now() + waitMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`What was waited for did not come: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
