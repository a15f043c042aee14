import { join } from 'node:path'
import type { BenchContext } from './benchmark.ts'
import { redisFor } from './engines.ts'
import type { ClusterCalls, ClusterSettings } from './peers/cluster-process.ts'
import type { LogSettings } from './peers/open-log.ts'
import { Child } from './process/child.ts'
import type { Stage } from './stage.ts'

const PROCESS = join(import.meta.dirname, 'peers/cluster-process.ts')

export interface ClusterNodes {
  owner: Child<ClusterCalls>
  gateways: readonly Child<ClusterCalls>[]
}

/** One owner and some gateways, each a process, with Redis between them, entries kept in SQLite or as said; the stage ends them. */
export async function clusterNodes(
  stage: Stage,
  context: BenchContext,
  gateways: number,
  log?: LogSettings,
): Promise<ClusterNodes> {
  const redis = await redisFor(stage)
  const folder = await stage.folder()
  const start = async (id: string, role: ClusterSettings['role']) => {
    const secrets = join(folder, 'secrets.json')
    const settings: ClusterSettings = { id, role, redisPort: redis.port, folder, secrets, ...(log && { log }) }
    return stage.use(await Child.start<ClusterCalls>(PROCESS, { settings, signal: context.signal }))
  }
  const owner = await start('owner', 'owner')
  const started: Child<ClusterCalls>[] = []
  for (let number = 1; number <= gateways; number++) started.push(await start(`gateway-${number}`, 'gateway'))
  return { owner, gateways: started }
}
