/** One ownership of one shard, from taking it to losing it. */
export interface Holding {
  /** 0 to shards - 1. */
  readonly shard: number
  readonly epoch: number
  /** Monotonic time after which this node must no longer acknowledge; Infinity where no lease can run out. */
  validUntil(): number
}

export interface PlacementHandlers {
  /** The shard is this node's from now on, at a higher epoch than ever before. */
  gained(holding: Holding): Promise<void>
  /** The shard must be let go: resolves once nothing of this epoch will be written any more. */
  lost(holding: Holding): Promise<void>
  /** What the shard costs its owner now, in points a second (owner/cost.ts). Without it, all shards count alike. */
  cost?(holding: Holding): number
}

/**
 * Which shards are this node's. Guarantee: of one shard, epochs only rise, and a `gained` carries an epoch that no node had
 * before. Two nodes may believe that they own a shard at one time; the log's epoch check is what keeps them apart (R4).
 */
export interface Placement {
  readonly zone: string
  /** How many shards the zone has; the same on all its nodes, for ever. */
  readonly shards: number
  start(handlers: PlacementHandlers): Promise<void>
  /** Gives up a holding whose log failed it and takes the shard again at a higher epoch, if it is still this node's to take. */
  renew(holding: Holding): Promise<void>
  /** Lets everything go, `lost` for each. */
  stop(): Promise<void>
}
