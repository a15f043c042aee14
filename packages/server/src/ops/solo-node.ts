import {
  createNode,
  memoryBus,
  memoryRegistry,
  openSqliteKeys,
  openSqliteLog,
  realRuntime,
  shardName,
  soloPlacement,
  type PlenaryNode,
} from '@plenary/engine'
import { openDatabase, type DataFolder } from './data-folder.ts'

/** How many shards one machine has, and their zone; a data folder keeps both for ever, whatever the node's region label is. */
const SHARDS = 16
const SHARD_ZONE = 'local'

type NodeParts = Parameters<typeof createNode>[0]
/** What a node needs beside the adapters of one process. */
export type NodeSettings = Omit<NodeParts, 'runtime' | 'bus' | 'log' | 'keys' | 'placement' | 'registry'>

/** A node with everything in this process and its log in the data folder. `close` ends the node and then what it stood on. */
export async function openSoloNode(
  data: DataFolder,
  settings: NodeSettings,
): Promise<{ node: PlenaryNode; close: () => Promise<void> }> {
  const runtime = realRuntime()
  const log = await openDatabase(data.log, (file) => openSqliteLog({ file }))
  const keys = await openDatabase(data.keys, async (file) => openSqliteKeys({ file }))
  const placement = soloPlacement({
    zone: SHARD_ZONE,
    shards: SHARDS,
    epochOf: (shard) => log.epoch(shardName(SHARD_ZONE, shard)),
  })
  const bus = memoryBus(runtime)
  const registry = memoryRegistry(runtime)
  const node = createNode({ ...settings, runtime, bus, log, keys, placement, registry })
  return {
    node,
    async close() {
      await node.stop()
      await Promise.all([registry.close(), bus.close()])
      await log.close()
      await keys.close()
    },
  }
}
