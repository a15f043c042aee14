import { LIMITS } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import type { EtcdClient } from './client.ts'
import { EtcdError, isTrouble } from './errors.ts'

/** How a lease is kept. */
export interface LeaseTimes {
  /** Whole seconds: etcd counts in those. */
  ttlMs: number
  renewMs: number
  /** So much before its end at etcd it has ended here: for clocks that differ in speed, and for what is under way. */
  marginMs: number
}

/** The times of the table. */
export const LEASE_TIMES: LeaseTimes = {
  ttlMs: LIMITS.leaseTtlMs,
  renewMs: LIMITS.leaseRenewMs,
  marginMs: LIMITS.leaseMarginMs,
}

/**
 * A lease of ours at etcd, renewed until it ends. Guarantee: `validUntil` lies before the moment at which etcd lets it run out,
 * because it counts from when the last renewal that was answered was *sent*; an answer that comes too late prolongs nothing.
 */
export interface Lease {
  readonly id: string
  /** Monotonic time; -Infinity once it has ended. */
  validUntil(): number
  /** Aborted once it has ended here, or is gone at etcd. */
  readonly ended: AbortSignal
  /** Ends it here at once, and at etcd if that can be reached. */
  end(): Promise<void>
}

export interface LeaseDeps {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  times: LeaseTimes
}

const RETRY_MS = 250

/** Takes a lease and keeps it. Throws EtcdError when etcd gives none in time. */
export async function takeLease({ client, runtime, logger, times }: LeaseDeps): Promise<Lease> {
  const deadlineOf = (sentAt: number) => sentAt + times.ttlMs - times.marginMs
  const ended = new AbortController()
  let validUntil = deadlineOf(runtime.monotonic())
  const id = await client.grant(times.ttlMs)
  if (validUntil <= runtime.monotonic()) throw new EtcdError('unreachable', 'etcd granted a lease too late.')
  let renewing = runtime.after(times.renewMs, () => void renew())
  let ending = endTimer()

  function endTimer(): Timer {
    return runtime.after(Math.max(0, validUntil - runtime.monotonic()), () => {
      if (runtime.monotonic() < validUntil) ending = endTimer()
      else finish('it could not be renewed in time')
    })
  }

  function finish(why: string | null): void {
    if (ended.signal.aborted) return
    renewing.cancel()
    ending.cancel()
    if (why !== null) logger.warn({ lease: id, why }, 'a lease at etcd has ended')
    ended.abort()
  }

  async function renew(): Promise<void> {
    const sentAt = runtime.monotonic()
    let nextMs = times.renewMs
    try {
      await client.keepAlive(id)
      if (deadlineOf(sentAt) > validUntil && !ended.signal.aborted) {
        validUntil = deadlineOf(sentAt)
        ending.cancel()
        ending = endTimer()
      }
    } catch (error) {
      if (isTrouble(error, 'lease_gone')) return finish('etcd no longer knows it')
      logger.debug({ err: error, lease: id }, 'a lease at etcd was not renewed yet')
      nextMs = RETRY_MS
    }
    if (ended.signal.aborted) return
    renewing = runtime.after(Math.max(0, sentAt + nextMs - runtime.monotonic()), () => void renew())
  }

  return {
    id,
    validUntil: () => (ended.signal.aborted ? -Infinity : validUntil),
    ended: ended.signal,
    async end() {
      finish(null)
      try {
        await client.revoke(id)
      } catch (error) {
        // It runs out by itself.
        logger.debug({ err: error, lease: id }, 'a lease at etcd was not revoked')
      }
    },
  }
}
