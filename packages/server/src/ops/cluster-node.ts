import { join } from 'node:path'
import { cpuMeter, createNode, realRuntime, shardName, type PlenaryNode, type RoomLog } from '@plenary/engine'
import type { Millis } from '@plenary/kinds'
import type { ClusterEngines, Config } from '../config.ts'
import { startLeaders } from './leaders.ts'
import { reach } from './reach.ts'
import type { NodeSettings } from './solo-node.ts'

/**
 * One of many nodes: bus and registry in Redis, its log in PostgreSQL or in Kafka in front of it, its shards from etcd. `now` is
 * the time on which all nodes agree. `close` hands everything over and ends what the node stood on. Throws a {@link StartError} that names the engine that does not answer.
 */
export async function openClusterNode(
  engines: ClusterEngines,
  config: Config,
  settings: NodeSettings,
  now: () => Millis,
): Promise<{ node: PlenaryNode; close: () => Promise<void> }> {
  const { zone, id, logger, metrics } = settings
  const { shards } = config
  const does = (role: Config['roles'][number]) => config.roles.includes(role)
  const runtime = { ...realRuntime(), now }
  await using opening = new AsyncDisposableStack()

  // Loaded here, so that a server on its own never pays for them.
  const { redisBus, redisRegistry } = await import('@plenary/engine/redis')
  const { etcdClient, etcdPlacement, startBalancer } = await import('@plenary/engine/etcd')
  const { openPostgresKeys } = await import('@plenary/engine/postgres')
  const onError = (error: Error) => logger.warn({ err: error }, 'PostgreSQL does not answer as it should')
  const keys = opening.adopt(
    await reach('postgresUrl', openPostgresKeys({ url: engines.postgresUrl, onError })),
    (opened) => opened.close(),
  )
  const log = await openLog(engines, config, settings, opening)
  const redis = { target: engines.redisUrl, runtime, logger, metrics }
  const bus = opening.adopt(await reach('redisUrl', redisBus(redis)), (opened) => opened.close())
  const registry = opening.adopt(await reach('redisUrl', redisRegistry(redis)), (opened) => opened.close())
  const client = opening.adopt(etcdClient({ endpoints: engines.etcdUrls, runtime }), async (opened) => opened.close())
  await reach('etcdUrl', client.get('/plenary'))

  const epochOf = (shard: number) => log.epoch(shardName(zone, shard))
  const placement = etcdPlacement({ client, runtime, logger, node: id, zone, shards, epochOf })
  if (does('balancer')) {
    opening.adopt(startBalancer({ client, runtime, logger, zone, node: id }), (opened) => opened.close())
  }
  const node = createNode({
    ...settings,
    roles: { gateway: does('gateway'), owner: does('owner') },
    capacity: config.capacity,
    cpuShare: cpuMeter(runtime, cpuMs),
    runtime,
    bus,
    log,
    keys,
    placement,
    registry,
  })
  await startLeaders({ client, runtime, bus, registry, config, settings, folder: join(config.data, 'nodes') }, opening)
  opening.defer(() => node.stop())
  const opened = opening.move()
  return { node, close: () => opened.disposeAsync() }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** The rooms' log, and the writer beside it where there is Kafka. */
async function openLog(
  { postgresUrl, kafkaBrokers }: ClusterEngines,
  { zone, shards, roles }: Config,
  { logger, metrics }: NodeSettings,
  opening: AsyncDisposableStack,
): Promise<RoomLog> {
  const onError = (error: Error) => logger.warn({ err: error }, 'PostgreSQL does not answer as it should')
  const postgres = { url: postgresUrl, onError }
  if (kafkaBrokers === null) {
    const { openPostgresLog } = await import('@plenary/engine/postgres')
    return opening.adopt(await reach('postgresUrl', openPostgresLog(postgres)), (log) => log.close())
  }
  const { openKafkaLog, startKafkaWriter } = await import('@plenary/engine/kafka')
  const options = { brokers: kafkaBrokers, zone, shards, postgres }
  const log = opening.adopt(await reach('kafkaBrokers', openKafkaLog(options)), (opened) => opened.close())
  if (roles.includes('writer')) {
    opening.adopt(await reach('kafkaBrokers', startKafkaWriter({ ...options, metrics })), (writer) => writer.stop())
  }
  return log
}
