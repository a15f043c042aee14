import { join } from 'node:path'
import { startRedis } from '../scripts/engines/redis.ts'
import type { BenchContext } from './benchmark.ts'
import type { ClusterCalls, ClusterSettings } from './peers/cluster-process.ts'
import { Child } from './process/child.ts'
import type { Stage } from './stage.ts'

const PROCESS = join(import.meta.dirname, 'peers/cluster-process.ts')

export interface ClusterNodes {
  owner: Child<ClusterCalls>
  gateways: readonly Child<ClusterCalls>[]
}

/** One owner and some gateways, each a process, with Redis between them; the stage ends them. */
export async function clusterNodes(stage: Stage, context: BenchContext, gateways: number): Promise<ClusterNodes> {
  const redis = stage.use(await startRedis())
  const folder = await stage.folder()
  const start = async (id: string, role: ClusterSettings['role']) => {
    const settings: ClusterSettings = { id, role, redisPort: redis.port, folder, secrets: join(folder, 'secrets.json') }
    return stage.use(await Child.start<ClusterCalls>(PROCESS, { settings, signal: context.signal }))
  }
  const owner = await start('owner', 'owner')
  const started: Child<ClusterCalls>[] = []
  for (let number = 1; number <= gateways; number++) started.push(await start(`gateway-${number}`, 'gateway'))
  return { owner, gateways: started }
}
