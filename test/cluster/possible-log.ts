import type { ClusterLog } from '../../scripts/cluster/arguments.ts'
import { ensureEngines } from '../../scripts/cluster/engines.ts'
import { ClusterError } from '../../scripts/cluster/state.ts'
import { ensureKafka } from '../../scripts/engines/kafka.ts'

/**
 * What a cluster can be started with here: Kafka where that can be had, otherwise PostgreSQL alone. Null, with a line that says why,
 * where neither can; with `REQUIRE_ALL=1` that is an error.
 */
export async function possibleLog(): Promise<ClusterLog | null> {
  try {
    await ensureEngines('postgres')
  } catch (error) {
    if (!(error instanceof ClusterError) || process.env['REQUIRE_ALL'] === '1') throw error
    console.log(`The cluster's tests are skipped: ${error.message}`)
    return null
  }
  return (await ensureKafka()) === null ? 'postgres' : 'kafka'
}
