import type { Logger } from 'pino'
import type { EtcdClient } from '../etcd/client.ts'
import type { Lease } from '../etcd/lease.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { CostRecord, Keys } from './etcd-keys.ts'
import type { Holding, PlacementHandlers } from './placement.ts'

/** How often a node looks at what its shards cost. */
const REPORT_MS = 2_000
/** What has changed by less than this part is not told again. */
const CHANGE_MIN = 0.05

/** Tells the balancer what this node's shards cost, while the lease lasts. */
export function reportCosts(
  deps: {
    client: EtcdClient
    runtime: Runtime
    logger: Logger
    node: string
    zone: string
    keys: Keys
    handlers: PlacementHandlers
  },
  lease: Lease,
  held: () => readonly Holding[],
): void {
  const { client, runtime, logger, node, zone, keys, handlers } = deps
  let told: CostRecord | null = null
  let telling = false

  async function report(): Promise<void> {
    const costs: CostRecord = {}
    for (const holding of held()) costs[String(holding.shard)] = Math.round((handlers.cost?.(holding) ?? 0) * 10) / 10
    if (telling || (told !== null && isClose(told, costs))) return
    telling = true
    try {
      await client.put({ key: keys.costs(zone) + node, value: JSON.stringify(costs), lease: lease.id })
      told = costs
    } catch (error) {
      logger.debug({ err: error }, 'costs were not told yet')
    } finally {
      telling = false
    }
  }

  const reporting = runtime.every(REPORT_MS, () => void report())
  lease.ended.addEventListener('abort', () => reporting.cancel())
}

function isClose(before: CostRecord, now: CostRecord): boolean {
  const shards = Object.keys(now)
  if (shards.length !== Object.keys(before).length) return false
  return shards.every((shard) => {
    const [was, is] = [before[shard], now[shard] ?? 0]
    return was !== undefined && Math.abs(is - was) <= Math.max(was, is) * CHANGE_MIN
  })
}
