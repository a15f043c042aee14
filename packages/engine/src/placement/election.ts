import type { Logger } from 'pino'
import type { EtcdClient } from '../etcd/client.ts'
import { LEASE_TIMES, takeLease } from '../etcd/lease.ts'
import type { Lease, LeaseTimes } from '../etcd/lease.ts'
import { Mirror } from '../etcd/mirror.ts'
import { pause } from '../etcd/pause.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { keysUnder, ROOT } from './etcd-keys.ts'

export interface ElectionOptions {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  /** What is led, for example `balancer/eu`. */
  office: string
  /** This candidate's name, for people. */
  node: string
  /** What the leader does; ends when the signal says that it no longer is. */
  lead(term: Term): Promise<void>
  root?: string
  times?: LeaseTimes
}

/** One time of leading. */
export interface Term {
  /** Aborted before another node can lead. */
  readonly ended: AbortSignal
  /** For a transaction that must only work while this term lasts. */
  readonly proof: { key: string; lease: string }
}

/** A candidacy. */
export interface Election {
  /** Whether this node leads, as far as its lease surely reaches. */
  readonly isLeader: boolean
  /** Steps down and stands no more. */
  close(): Promise<void>
}

const RETRY_MIN_MS = 200
const RETRY_SPAN_MS = 800

/**
 * Stands for an office that at most one node holds at a time, for as long as it is not closed. Guarantee: `lead`'s signal is aborted
 * before the lease can run out, and only then can another lead; a leader that does not stop at once must let `proof` judge its writes.
 */
export function standForElection(options: ElectionOptions): Election {
  const { client, runtime, logger, office, node, times = LEASE_TIMES } = options
  const key = keysUnder(options.root ?? ROOT).leader(office)
  const closed = new AbortController()
  let lease: Lease | null = null
  let leading = false

  /** Resolves with the term when this candidate has won; null when the lease ended before. */
  async function win(own: Lease): Promise<Term | null> {
    const stop = AbortSignal.any([own.ended, closed.signal])
    const stopWatching = new AbortController()
    let changed = Promise.withResolvers<void>()
    const ring = () => {
      changed.resolve()
      changed = Promise.withResolvers()
    }
    stop.addEventListener('abort', ring)
    const seat = await Mirror.open({
      client,
      runtime,
      logger,
      prefix: key,
      parse: (value) => value,
      changed: ring,
      signal: AbortSignal.any([stop, stopWatching.signal]),
    })
    try {
      while (!stop.aborted) {
        const next = changed.promise
        const holder = seat.get('')
        if (holder?.lease === own.id) return { ended: stop, proof: { key, lease: own.id } }
        if (holder === undefined) {
          const put = { key, value: node, lease: own.id }
          const { done, revision } = await client.txn([{ key, modRevision: 0 }], [put])
          if (done) seat.note({ ...put, modRevision: revision })
          else await Promise.race([next, pause(runtime, RETRY_MIN_MS, stop)])
        } else await next
      }
      return null
    } finally {
      stopWatching.abort()
    }
  }

  async function run(): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        lease = await takeLease({ client, runtime, logger, times })
        const term = await win(lease)
        if (term !== null) {
          leading = true
          logger.info({ office }, 'this node leads')
          await options.lead(term)
        }
      } catch (error) {
        if (!closed.signal.aborted) logger.warn({ err: error, office }, 'leading or standing for it has failed')
      } finally {
        leading = false
        await lease?.end()
        lease = null
      }
      await pause(runtime, RETRY_MIN_MS + runtime.random() * RETRY_SPAN_MS, closed.signal)
    }
  }

  const running = run()
  return {
    get isLeader() {
      return leading && lease !== null && lease.validUntil() > runtime.monotonic()
    },
    async close() {
      closed.abort()
      await running
    },
  }
}
