import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  commandProvisioner,
  processesProvisioner,
  startAutoscaler,
  startMonitor,
  type Bus,
  type GatewayReport,
  type Leadership,
  type Provisioner,
  type Registry,
  type Runtime,
} from '@plenary/engine'
import type { EtcdClient } from '@plenary/engine/etcd'
import type { Config } from '../config.ts'
import type { NodeSettings } from './solo-node.ts'

/** What is left of a node's name for the part that makes it unlike the others. */
const NAME_PREFIX_CHARS = 54
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface LeadersDeps {
  client: EtcdClient
  runtime: Runtime
  bus: Bus
  registry: Registry
  config: Config
  settings: NodeSettings
  /** Where the provisioner's nodes keep their data. */
  folder: string
}

/** The roles that only one node carries out at a time: the monitor and the autoscaler, as far as this node may. Ended by the stack. */
export async function startLeaders(deps: LeadersDeps, stack: AsyncDisposableStack): Promise<void> {
  const { runtime, bus, registry, config, settings } = deps
  const { logger, metrics } = settings
  const shared = { registry, runtime, logger, metrics }
  if (config.roles.includes('monitor')) {
    const leader = await stand(deps, 'monitor', stack)
    stack.adopt(startMonitor({ ...shared, bus, leader, probe }), (monitor) => monitor.close())
  }
  if (config.roles.includes('autoscaler')) {
    const leader = await stand(deps, 'autoscaler', stack)
    const rule = {
      nodesMin: config.scaleMin,
      nodesMax: config.scaleMax,
      calmMs: config.scaleCalm * 1_000,
      coolDownMs: config.scaleCoolDown * 1_000,
    }
    const scaling = { ...shared, leader, rule, zone: settings.zone, provisioner: provisioner(deps) }
    stack.adopt(startAutoscaler(scaling), (autoscaler) => autoscaler.close())
  }
}

async function stand(deps: LeadersDeps, office: string, stack: AsyncDisposableStack): Promise<Leadership> {
  const { standForElection } = await import('@plenary/engine/etcd')
  const { client, runtime, settings } = deps
  const election = standForElection({
    client,
    runtime,
    logger: settings.logger,
    office,
    node: settings.id,
    // What the leader does looks by itself whether it still leads.
    lead: ({ ended }) =>
      new Promise((resolve) => {
        if (ended.aborted) resolve()
        else ended.addEventListener('abort', () => resolve(), { once: true })
      }),
  })
  stack.defer(() => election.close())
  return { leading: () => election.isLeader }
}

async function probe({ url }: GatewayReport, signal: AbortSignal): Promise<boolean> {
  return (await fetch(`${url}/readyz`, { signal })).ok
}

function provisioner({ runtime, registry, config, settings, folder }: LeadersDeps): Provisioner {
  const { logger } = settings
  const namePrefix = settings.id.slice(0, NAME_PREFIX_CHARS)
  const { scaleUpCommand: upCommand, scaleDownCommand: downCommand } = config
  if (config.scaleWith === 'command' && upCommand !== undefined && downCommand !== undefined) {
    // Whoever scales must not drain itself.
    const nodes = async () => (await registry.list()).filter(({ node }) => node !== settings.id)
    return commandProvisioner({ upCommand, downCommand, namePrefix, nodes, runtime, logger })
  }
  return processesProvisioner({
    command: [process.execPath, MAIN],
    settings: ({ node, zone, port, folder: data }) => ({
      NODE_NAME: node,
      ZONE: zone,
      HOST: '127.0.0.1',
      PORT: String(port),
      PLENARY_DATA: data,
      GATEWAY_URL: `http://127.0.0.1:${port}`,
      // Its own flags are not theirs, so what holds for all nodes is told to them here.
      CAPACITY: String(config.capacity),
      LOG_LEVEL: config.logLevel,
      PUBLIC_URL: config.publicUrl,
      // One that starts nodes is enough.
      ROLES: config.roles.filter((role) => role !== 'autoscaler').join(','),
      SECRETS_FILE: config.secretsFile ?? join(config.data, 'secrets.json'),
    }),
    ready: async ({ port }) => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
    namePrefix,
    folder,
    runtime,
    logger,
  })
}
