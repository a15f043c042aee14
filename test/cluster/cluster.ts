import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { ClusterLog } from '../../scripts/cluster/arguments.ts'
import { RunningCluster } from '../../scripts/cluster/running.ts'

const START_MS_MAX = 90_000
const END_MS_MAX = 90_000

/** A cluster for all tests of the suite that calls this; when one fails, the nodes' logs are shown. */
export function useCluster(log: ClusterLog | null, zones: readonly string[]): () => RunningCluster {
  let running: RunningCluster | null = null
  const cluster = () => {
    if (running === null) throw new Error('The cluster does not run.')
    return running
  }
  beforeAll(async () => {
    if (log !== null) running = await RunningCluster.start({ log, zones, progress: (line) => console.log(line) })
  }, START_MS_MAX)
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.error(await cluster().logs()))
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
  }, END_MS_MAX)
  return cluster
}
