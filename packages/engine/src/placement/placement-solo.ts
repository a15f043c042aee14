import type { Holding, Placement, PlacementHandlers } from './placement.ts'

export interface SoloOptions {
  zone: string
  shards: number
  /** The highest epoch of the shard so far, as the log knows it. */
  epochOf(shard: number): Promise<number>
}

/** One process owns all shards of its zone; a lock on the data folder, taken elsewhere, sees to there being only one. */
export function soloPlacement(options: SoloOptions): Placement {
  const { zone, shards } = options
  const held = new Map<number, Holding>()
  const over = new WeakSet<Holding>()
  let handlers: PlacementHandlers | null = null

  async function take(shard: number, above: number): Promise<void> {
    const epoch = Math.max(above, await options.epochOf(shard)) + 1
    if (handlers === null || held.has(shard)) return
    const holding: Holding = { shard, epoch, validUntil: () => (over.has(holding) ? -Infinity : Infinity) }
    held.set(shard, holding)
    await handlers.gained(holding)
  }

  async function drop(holding: Holding): Promise<boolean> {
    if (held.get(holding.shard) !== holding) return false
    held.delete(holding.shard)
    // Valid until it has been let go: what was taken is still made durable and acknowledged.
    await handlers?.lost(holding)
    over.add(holding)
    return true
  }

  return {
    zone,
    shards,
    async start(given) {
      handlers = given
      await Promise.all(Array.from({ length: shards }, (_, shard) => take(shard, 0)))
    },
    async renew(holding) {
      await drop(holding)
      // Also when a first try dropped it and failed to take it again.
      if (!held.has(holding.shard)) await take(holding.shard, holding.epoch)
    },
    async stop() {
      await Promise.all([...held.values()].map((holding) => drop(holding)))
      handlers = null
    },
  }
}
