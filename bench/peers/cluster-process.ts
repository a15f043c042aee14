import { createServer } from 'node:http'
import { join } from 'node:path'
import { createNode, memoryRegistry, realRuntime, shardName, soloPlacement } from '@plenary/engine'
import type { Bus } from '@plenary/engine'
import { redisBus } from '@plenary/engine/redis'
import { listen } from '../../packages/server/src/ops/listen.ts'
import { answerCalls } from '../process/calls.ts'
import { settledUsage, usage } from '../process/usage.ts'
import { openLog, type LogSettings } from './open-log.ts'
import { nodeParts } from './plenary-node.ts'

export interface ClusterSettings {
  id: string
  role: 'gateway' | 'owner'
  redisPort: number
  folder: string
  /** The same for all nodes: any of them reads the tickets of any other. */
  secrets: string
  /** Of SQLite, in the folder, without one. */
  log?: LogSettings
}

/**
 * One of several nodes with Redis between them: the one owner of all rooms, or a gateway. Who owns what never changes here, so
 * that etcd is left out.
 */
const ZONE = 'local'
const SHARDS = 16

/** Messages that came over the bus. */
const heard = { batches: 0, asked: 0 }

const { id, role, redisPort, folder, secrets, log: kept } = JSON.parse(process.argv[2] ?? '{}') as ClusterSettings
const { settings, tickets, lookUps } = await nodeParts(id, secrets)
const { logger, metrics } = settings
const runtime = realRuntime()
const log = await openLog(kept ?? { engine: 'sqlite', file: join(folder, `${id}.db`) }, ZONE, SHARDS)
const bus = await redisBus({
  target: `redis://127.0.0.1:${redisPort}`,
  runtime,
  logger,
  metrics,
})
const node = createNode({
  ...settings,
  roles: { gateway: role === 'gateway', owner: role === 'owner' },
  runtime,
  bus: counted(bus),
  log,
  placement: soloPlacement({ zone: ZONE, shards: SHARDS, epochOf: (shard) => log.epoch(shardName(ZONE, shard)) }),
  registry: memoryRegistry(runtime),
})
const http = createServer()
await node.start()
node.attach(http)
const port = await listen(http, 0, '127.0.0.1')

function counted(inner: Bus): Bus {
  return {
    publish: (topic, message) => inner.publish(topic, message),
    subscribe: (topic, handler) =>
      inner.subscribe(topic, (message) => {
        if (topic.startsWith('room.') && message.payload !== undefined && isBatch(message.header)) heard.batches++
        handler(message)
      }),
    request: (topic, message, timeoutMs) => inner.request(topic, message, timeoutMs),
    respond: (topic, handler) =>
      inner.respond(topic, (message) => {
        heard.asked++
        return handler(message)
      }),
    onWhole: (listener) => inner.onWhole(listener),
    close: () => inner.close(),
  }
}

function isBatch(header: unknown): boolean {
  return typeof header === 'object' && header !== null && 'through' in header
}

const calls = {
  port: () => port,
  tickets,
  /** Batches that came to this node, what it was asked over the bus, and how often it asked the directory. */
  heard: () => ({ ...heard, lookUps: lookUps() }),
  usage,
  settledUsage,
}

export type ClusterCalls = typeof calls
answerCalls(calls)
