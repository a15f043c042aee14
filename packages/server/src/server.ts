import { randomInt, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { LIMITS, kindTable, kinds as builtIn, type AnyKind } from '@plenary/kinds'
import type { Millis } from '@plenary/kinds'
import type { Logger } from 'pino'
import { clusterEngines, type Config } from './config.ts'
import { yWebSocket } from './documents/y-websocket.ts'
import { eventTable, type RoomTemplate } from './events/event-table.ts'
import { databaseBlobs } from './files/blobs-database.ts'
import { folderBlobs } from './files/blobs-folder.ts'
import { createApp, refuseUnreadable } from './http/app.ts'
import { refuseBroken } from './http/broken-requests.ts'
import { originPolicy } from './http/origin.ts'
import { putOff } from './http/put-off.ts'
import { staticFiles } from './http/static-files.ts'
import { pacedTurnstile } from './http/turnstile.ts'
import { lockFolder, openDataFolder, openDatabase } from './ops/data-folder.ts'
import { NoticeFollower } from './inbox/notice-follower.ts'
import { listen, reachableUrls } from './ops/listen.ts'
import { createLogger } from './ops/logger.ts'
import { prometheusMetrics } from './ops/metrics.ts'
import { openClusterNode } from './ops/cluster-node.ts'
import { reach } from './ops/reach.ts'
import { sharedClock, type SharedClock } from './ops/shared-clock.ts'
import { openSoloNode, type NodeSettings } from './ops/solo-node.ts'
import { loadSecrets } from './people/secrets.ts'
import { createTickets } from './people/tickets.ts'
import { createPlatform } from './platform.ts'
import type { Revocations } from './people/revocations.ts'
import { databaseTime, openStore, type Store } from './store/store.ts'

/** How long requests under way may take to end when the server stops. */
const STOP_REQUESTS_MS = 5_000
const REQUEST_MS_MAX = 30_000
const REVOCATIONS_LOOK_MS = 3_000
const LOOKS_PER_FORGET = 100
/** Nodes' clocks differ, and a row may become visible after a later one. */
const REVOCATIONS_OVERLAP_MS = 60_000
const BUILT_WEB_APP = fileURLToPath(new URL('../../web/dist', import.meta.url))
const FIRST_ROOMS: readonly RoomTemplate[] = [
  { kind: 'chat', title: 'Chat' },
  { kind: 'stage', title: 'Stage' },
  { kind: 'questions', title: 'Questions' },
  { kind: 'polls', title: 'Polls' },
  { kind: 'document', title: 'Notes' },
]

export interface ServerOptions {
  /** Kinds beside the built-in ones. */
  kinds?: readonly AnyKind[]
  /** The rooms that a new event begins with; one of each of an evening's kinds without this. */
  rooms?: readonly RoomTemplate[]
  /** The folder of the pages to serve; the built web app without this. */
  web?: string
  logger?: Logger
}

export interface RunningServer {
  /** Where this machine reaches it, like `http://localhost:3000`. */
  readonly url: string
  /** All addresses at which it can be reached as far as is known, `url` first. */
  readonly urls: readonly string[]
  /** Lets go of everything in good order; resolves when all is written and closed. */
  stop(): Promise<void>
}

/** Starts everything in this process. Throws a {@link StartError} for what the operator can put right, and leaves nothing open. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  await using starting = new AsyncDisposableStack()
  const logger = options.logger ?? createLogger(config.logLevel)
  const kinds = kindTable([...builtIn, ...(options.kinds ?? [])])

  const engines = clusterEngines(config)
  const data = await openDataFolder(config.data)
  starting.use(await lockFolder(data))
  const secrets = await loadSecrets(config.secretsFile ?? data.secrets)
  const store = await (engines === null
    ? openDatabase(data.store, openStore)
    : openSharedStore(engines.postgresUrl, logger))
  starting.defer(() => store.destroy())
  const now = engines === null ? () => Date.now() : starting.use(await clusterClock(store, logger)).now
  const tickets = createTickets(secrets, now)
  const { zone } = config
  const rooms = options.rooms ?? FIRST_ROOMS
  const events = eventTable({ store, kinds, rooms, zone, now, id: randomUUID, pick: randomInt })
  const metrics = prometheusMetrics()
  const nodeId = config.nodeName ?? `node-${randomUUID().slice(0, 8)}`
  const [localUrl = ''] = reachableUrls(config.host, config.port)
  const settings: NodeSettings = {
    id: nodeId,
    zone,
    url: config.gatewayUrl ?? (engines === null ? (config.publicUrl ?? localUrl) : localUrl),
    directory: { find: events.findRoom, ...(engines !== null && { zoneOf: events.zoneOfRoom }) },
    kinds,
    verifyTicket: tickets.readTicket,
    originAllowed: originPolicy(config.publicUrl),
    logger,
    metrics,
    told: (...news) => follower?.note(...news),
  }
  let follower: NoticeFollower | null = null
  const { node, close } = await (engines === null
    ? openSoloNode(data, settings)
    : openClusterNode(engines, config, settings, now))
  const server = createServer({ requestTimeout: REQUEST_MS_MAX })
  server.maxConnections = config.capacity + LIMITS.connectionsHalfOpen
  server.on('clientError', refuseBroken)
  starting.defer(() => closeAll(server, close))

  const platform = createPlatform({
    config,
    nodeId,
    node,
    store,
    blobs: engines === null ? folderBlobs(data.files) : databaseBlobs(store),
    events,
    kinds,
    tickets,
    authSecret: secrets.auth,
    metrics,
    logger,
    now,
    monotonic: () => performance.now(),
  })
  const app = createApp(platform, await staticFiles(options.web ?? BUILT_WEB_APP))
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: refuseUnreadable })
  const turnstile = starting.use(pacedTurnstile(() => performance.now()))
  server.on('request', (incoming, outgoing) => {
    if (!putOff(turnstile, incoming, outgoing)) void listener(incoming, outgoing)
  })
  node.attach(server, [yWebSocket(settings.originAllowed)])
  await node.start()
  await platform.revocations.restore()
  follower = starting.use(new NoticeFollower(platform))
  starting.use(platform.notes.follow())
  if (engines !== null) starting.use(followRevocations(platform.revocations, now(), logger))
  const port = await listen(server, config.port, config.host)

  const urls = reachableUrls(config.host, port)
  logger.info({ urls, node: nodeId, zone: config.zone, data: data.folder }, 'ready')
  const owned = starting.move()
  return { url: urls[0] ?? '', urls, stop: () => owned.disposeAsync() }
}

/** Looks every so often for what other nodes have revoked, in case their word was lost. */
function followRevocations(revocations: Revocations, from: Millis, logger: Logger): Disposable {
  let since = from - REVOCATIONS_OVERLAP_MS
  let looks = 0
  const look = async () => {
    looks += 1
    if (looks % LOOKS_PER_FORGET === 0) await revocations.forget()
    return await revocations.catchUp(since)
  }
  const timer = setInterval(() => {
    look().then(
      (seen) => (since = seen - REVOCATIONS_OVERLAP_MS),
      (error: unknown) => logger.warn({ err: error }, 'what others revoked could not be read'),
    )
  }, REVOCATIONS_LOOK_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** What time it is for all nodes that share this database. */
async function clusterClock(store: Store, logger: Logger): Promise<SharedClock> {
  return await sharedClock({
    ask: () => databaseTime(store),
    monotonic: () => performance.now(),
    failed: (error) => logger.warn({ err: error }, 'the database could not be asked what time it is'),
  })
}

/** The database that all nodes of a cluster share. */
async function openSharedStore(url: string, logger: Logger): Promise<Store> {
  const { openPostgresStore } = await import('./store/postgres.ts')
  const onError = (error: Error) => logger.warn({ err: error }, 'PostgreSQL does not answer as it should')
  return await reach('postgresUrl', openPostgresStore({ url, onError }))
}

/** Lets the node tell its sockets and requests under way end, and cuts off those that do not in time. */
async function closeAll(server: Server, closeNode: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), STOP_REQUESTS_MS)
  await closeNode()
  // An error here says that it was not listening any more.
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearTimeout(timer)
}
