import type { EtcdClient, KeyEvent } from '../../packages/engine/src/etcd/client.ts'
import { EtcdError } from '../../packages/engine/src/etcd/errors.ts'
import type { Runtime } from '../../packages/engine/src/runtime/runtime.ts'
import type { Draw } from './draws.ts'
import type { LeaseService } from './lease-service.ts'
import { journeyMs } from './network.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** So long a client waits for an answer. */
const REQUEST_MS = 1_000
/** A watch that cannot reach the service looks again so often. */
const WATCH_RETRY_MS = 300

export interface LeaseClientDeps {
  service: LeaseService
  scheduler: Scheduler
  network: Network
  process: Process
  runtime: Runtime
  draw: Draw
}

/** One process's way to the lease service: a call takes its time, or fails before or after it was carried out. */
export function leaseClient({ service, scheduler, network, process, runtime, draw }: LeaseClientDeps): EtcdClient {
  const reaches = () => network.reaches(process.node, 'leases')

  function call<T>(what: string, work: () => T): Promise<T> {
    return process.ask<T>(({ resolve, reject }) => {
      const timer = runtime.after(REQUEST_MS, () => {
        reject(new EtcdError('unreachable', 'The lease service did not answer in time.'))
      })
      const label = `${process.name} ${what}`
      scheduler.after(journeyMs(draw), label, () => {
        if (!reaches()) return
        let settle: () => void
        try {
          const value = work()
          settle = () => resolve(value)
        } catch (error) {
          settle = () => reject(error instanceof Error ? error : new Error(String(error)))
        }
        scheduler.after(journeyMs(draw), label, () => {
          if (!reaches()) return
          process.take(label, () => {
            timer.cancel()
            settle()
          })
        })
      })
    })
  }

  return {
    get: (key) => call('reads a key', () => service.get(key)),
    list: (prefix) => call(`lists ${prefix}`, () => service.list(prefix)),
    put: (put) => call(`puts ${put.key}`, () => service.put(put)),
    remove: (prefix) => call(`removes ${prefix}`, () => service.remove(prefix)),
    txn: (compares, puts) => call(`writes ${puts[0]?.key ?? ''}`, () => service.txn(compares, puts)),
    grant: (ttlMs) => call('takes a lease', () => service.grant(ttlMs)),
    keepAlive: (lease) => call('renews a lease', () => service.keepAlive(lease)),
    revoke: (lease) => call('ends a lease', () => service.revoke(lease)),
    timeToLive: (lease) => call('asks of a lease', () => service.timeToLive(lease)),
    watch,
    close: () => {},
  }

  async function* watch(
    prefix: string,
    fromRevision: number,
    signal: AbortSignal,
  ): AsyncGenerator<KeyEvent[], void, undefined> {
    const label = `${process.name} sees a change of ${prefix}`
    const onTheWay: KeyEvent[][] = []
    const arrived: KeyEvent[][] = []
    let ring: () => void = () => {}
    let lastAt = 0
    // The first that was sent, whichever this was: none overtakes another.
    const arrive = () => {
      if (signal.aborted) return
      if (reaches()) {
        arrived.push(...onTheWay.splice(0, 1))
        ring()
      } else scheduler.after(WATCH_RETRY_MS, label, () => process.take(label, arrive))
    }
    let stop: () => void = () => {}
    process.call(() => {
      stop = service.follow(fromRevision, ({ events }) => {
        const own = events.filter(({ item }) => item.key.startsWith(prefix))
        if (own.length === 0) return
        onTheWay.push(own)
        lastAt = Math.max(lastAt, scheduler.now + journeyMs(draw))
        scheduler.at(lastAt, label, () => process.take(label, arrive))
      })
    })
    process.whenEnded(() => stop())
    const onAbort = () => ring()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted) {
        const next = arrived.shift()
        if (next !== undefined) yield next
        else await new Promise<void>((resolve) => (ring = resolve))
      }
    } finally {
      stop()
      signal.removeEventListener('abort', onAbort)
    }
  }
}
