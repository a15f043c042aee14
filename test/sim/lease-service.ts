import type { Compare, KeyEvent, KeyValue, Put } from '../../packages/engine/src/etcd/client.ts'
import { EtcdError } from '../../packages/engine/src/etcd/errors.ts'
import type { Due, Scheduler } from './scheduler.ts'

interface LeaseHeld {
  ttlMs: number
  endsAt: number
  keys: Set<string>
  timer: Due
}

/** What happened at one revision. */
export interface Revised {
  revision: number
  events: KeyEvent[]
}

/** etcd as its clients see it: one history of revisions, and leases that run out by the world's own time. */
export class LeaseService {
  readonly #scheduler: Scheduler
  readonly #items = new Map<string, KeyValue>()
  readonly #leases = new Map<string, LeaseHeld>()
  readonly #history: Revised[] = []
  readonly #watchers = new Set<(revised: Revised) => void>()
  #revision = 1
  #lastLease = 0

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  get revision(): number {
    return this.#revision
  }

  get(key: string): KeyValue | null {
    return this.#items.get(key) ?? null
  }

  list(prefix: string): { revision: number; items: KeyValue[] } {
    const items = [...this.#items.values()].filter(({ key }) => key.startsWith(prefix))
    return { revision: this.#revision, items: items.toSorted((a, b) => (a.key < b.key ? -1 : 1)) }
  }

  put(put: Put): number {
    return this.txn([], [put]).revision
  }

  remove(prefix: string): void {
    this.#delete(this.list(prefix).items.map(({ key }) => key))
  }

  txn(compares: readonly Compare[], puts: readonly Put[]): { done: boolean; revision: number } {
    for (const { lease } of puts) {
      if (lease !== undefined && !this.#leases.has(lease)) throw new EtcdError('lease_gone', 'There is no such lease.')
    }
    if (!compares.every((compare) => this.#holds(compare))) return { done: false, revision: this.#revision }
    if (puts.length === 0) return { done: true, revision: this.#revision }
    const modRevision = ++this.#revision
    const events = puts.map(({ key, value, lease = '0' }): KeyEvent => {
      const item: KeyValue = { key, value, modRevision, lease }
      this.#leases.get(this.#items.get(key)?.lease ?? '0')?.keys.delete(key)
      this.#items.set(key, item)
      this.#leases.get(lease)?.keys.add(key)
      return { deleted: false, item }
    })
    this.#tell(events)
    return { done: true, revision: modRevision }
  }

  grant(ttlMs: number): string {
    const id = String(7_000_000 + ++this.#lastLease)
    const whole = Math.ceil(ttlMs / 1_000) * 1_000
    this.#leases.set(id, { ttlMs: whole, endsAt: 0, keys: new Set(), timer: { cancel: () => {} } })
    this.#renew(id)
    return id
  }

  keepAlive(id: string): void {
    if (!this.#leases.has(id)) throw new EtcdError('lease_gone', 'The lease has run out.')
    this.#renew(id)
  }

  /** Ends a lease, known or not. */
  revoke(id: string): void {
    const lease = this.#leases.get(id)
    if (lease === undefined) return
    lease.timer.cancel()
    this.#leases.delete(id)
    this.#delete([...lease.keys])
  }

  timeToLive(id: string): number | null {
    const lease = this.#leases.get(id)
    return lease === undefined ? null : Math.floor((lease.endsAt - this.#scheduler.now) / 1_000) * 1_000
  }

  /** Told of all that comes from now on, after what has come since that revision. Gives back what ends it. */
  follow(fromRevision: number, listener: (revised: Revised) => void): () => void {
    for (const revised of this.#history) if (revised.revision >= fromRevision) listener(revised)
    this.#watchers.add(listener)
    return () => void this.#watchers.delete(listener)
  }

  #renew(id: string): void {
    const lease = this.#leases.get(id)
    if (lease === undefined) return
    lease.timer.cancel()
    lease.endsAt = this.#scheduler.now + lease.ttlMs
    lease.timer = this.#scheduler.after(lease.ttlMs, `lease ${id} runs out`, () => this.revoke(id))
  }

  #holds(compare: Compare): boolean {
    const item = this.#items.get(compare.key)
    if ('modRevision' in compare) return (item?.modRevision ?? 0) === compare.modRevision
    if ('lease' in compare) return item?.lease === compare.lease
    return item?.lease !== compare.leaseNot
  }

  #delete(keys: readonly string[]): void {
    const present = keys.filter((key) => this.#items.delete(key))
    if (present.length === 0) return
    const modRevision = ++this.#revision
    this.#tell(present.map((key) => ({ deleted: true, item: { key, value: '', modRevision, lease: '0' } })))
  }

  #tell(events: KeyEvent[]): void {
    const revised = { revision: this.#revision, events }
    this.#history.push(revised)
    for (const watcher of [...this.#watchers]) watcher(revised)
  }
}
