import {
  createNode,
  memoryBus,
  memoryRegistry,
  openSqliteLog,
  realRuntime,
  shardName,
  soloPlacement,
  type PlenaryNode,
} from '@plenary/engine'
import { openDatabase, type DataFolder } from './data-folder.ts'

/** How many shards a zone has on one machine; a data folder keeps the number for ever. */
const SHARDS = 16

type NodeParts = Parameters<typeof createNode>[0]
/** What a node needs beside the adapters of one process. */
export type NodeSettings = Omit<NodeParts, 'runtime' | 'bus' | 'log' | 'placement' | 'registry'>

/** A node with everything in this process and its log in the data folder. `close` ends the node and then what it stood on. */
export async function openSoloNode(
  data: DataFolder,
  settings: NodeSettings,
): Promise<{ node: PlenaryNode; close: () => Promise<void> }> {
  const { zone } = settings
  const runtime = realRuntime()
  const log = await openDatabase(data.log, (file) => openSqliteLog({ file }))
  const placement = soloPlacement({ zone, shards: SHARDS, epochOf: (shard) => log.epoch(shardName(zone, shard)) })
  const bus = memoryBus(runtime)
  const registry = memoryRegistry(runtime)
  const node = createNode({ ...settings, runtime, bus, log, placement, registry })
  return {
    node,
    async close() {
      await node.stop()
      await Promise.all([registry.close(), bus.close()])
      await log.close()
    },
  }
}
