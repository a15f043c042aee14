import { PlenaryError } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { EtcdClient } from '../etcd/client.ts'
import { LEASE_TIMES } from '../etcd/lease.ts'
import type { LeaseTimes } from '../etcd/lease.ts'
import { pause } from '../etcd/pause.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { keysUnder, ROOT } from './etcd-keys.ts'
import { Tenure } from './etcd-tenure.ts'
import type { Placement, PlacementHandlers } from './placement.ts'

export interface EtcdPlacementOptions {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  /** This node's own name; no other process that lives has it. */
  node: string
  zone: string
  shards: number
  /** The highest epoch of the shard so far, as the log knows it: etcd may have been set up anew. */
  epochOf(shard: number): Promise<number>
  /** Where the keys lie; `/plenary`, if not given. */
  root?: string
  times?: LeaseTimes
}

/** Longest wait at the start for etcd, and for the lease of a process that had this node's name before. */
const START_MS_MAX = 15_000
const RETRY_MIN_MS = 200
const RETRY_MAX_MS = 1_000

/**
 * Shards owned by lease at etcd. A node has them for one *tenure* at a time, that is as long as one lease lasts: it lets everything go
 * before the lease can run out, so that no acknowledgement of its comes after another node's claim, and begins anew with another
 * lease when etcd can be reached again. `start` throws `unavailable` when etcd cannot be reached.
 */
export function etcdPlacement(options: EtcdPlacementOptions): Placement {
  const { runtime, logger, zone, shards } = options
  const stopped = new AbortController()
  /** Shards of an earlier tenure that are still being let go. */
  const leaving = new Map<number, Promise<void>>()
  let tenure: Tenure | null = null
  let earlierLease: string | null = null
  let following: Promise<void> = Promise.resolve()

  async function begin(handlers: PlacementHandlers): Promise<Tenure> {
    const deps = {
      ...options,
      times: options.times ?? LEASE_TIMES,
      keys: keysUnder(options.root ?? ROOT),
      handlers,
      leaving,
    }
    const begun = await Tenure.begin(deps, earlierLease, stopped.signal)
    if (stopped.signal.aborted) {
      await begun.lease.end()
      throw new PlenaryError('unavailable', 'This node is stopping.')
    }
    earlierLease = begun.lease.id
    tenure = begun
    return begun
  }

  /** One tenure after the other. */
  async function follow(first: Tenure, handlers: PlacementHandlers): Promise<void> {
    await first.over
    let retryMs = RETRY_MIN_MS
    while (!stopped.signal.aborted) {
      try {
        const next = await begin(handlers)
        logger.info({ zone, lease: next.lease.id }, 'this node takes shards again')
        retryMs = RETRY_MIN_MS
        await next.over
      } catch (error) {
        if (stopped.signal.aborted) return
        logger.warn({ err: error, zone }, 'this node can take no shards: etcd is away')
      }
      await pause(runtime, retryMs * (0.5 + runtime.random()), stopped.signal)
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
    }
  }

  return {
    zone,
    shards,
    async start(handlers) {
      const deadline = runtime.monotonic() + START_MS_MAX
      for (;;) {
        try {
          const first = await begin(handlers)
          following = follow(first, handlers)
          return await first.firstRound()
        } catch (error) {
          if (stopped.signal.aborted) return
          if (runtime.monotonic() > deadline) {
            throw new PlenaryError('unavailable', 'etcd cannot be reached.', { cause: error })
          }
          await pause(runtime, RETRY_MAX_MS / 2, stopped.signal)
        }
      }
    },
    async renew(holding) {
      if (!stopped.signal.aborted) await tenure?.renew(holding)
    },
    async stop() {
      if (!stopped.signal.aborted) {
        // First, so that a tenure that ends by itself meanwhile is the last one.
        stopped.abort()
        await tenure?.handOverAll()
      }
      await following
      await Promise.all(leaving.values())
    },
  }
}
