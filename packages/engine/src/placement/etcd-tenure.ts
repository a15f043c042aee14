import type { Logger } from 'pino'
import type { EtcdClient } from '../etcd/client.ts'
import { EtcdError, isTrouble } from '../etcd/errors.ts'
import { takeLease } from '../etcd/lease.ts'
import type { Lease, LeaseTimes } from '../etcd/lease.ts'
import { Mirror } from '../etcd/mirror.ts'
import type { Mirrored } from '../etcd/mirror.ts'
import { pause } from '../etcd/pause.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import { reportCosts } from './etcd-costs.ts'
import { parseNode, parseShard } from './etcd-keys.ts'
import type { Keys, NodeRecord, ShardRecord } from './etcd-keys.ts'
import type { Holding, PlacementHandlers } from './placement.ts'
import { claimsNow, heirsOf } from './share.ts'
import type { FreeShard } from './share.ts'

export interface TenureDeps {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  node: string
  zone: string
  shards: number
  times: LeaseTimes
  keys: Keys
  handlers: PlacementHandlers
  epochOf(shard: number): Promise<number>
  /** Shards that an earlier tenure is still letting go. */
  leaving: Map<number, Promise<void>>
}

/** A holding, and what is known of it. */
interface Held {
  holding: Holding
  /** The shard's key as this node wrote it. */
  modRevision: number
  /** Settles with the owner's `gained`. */
  gained: Promise<void>
  isGained: boolean
  /** No more acknowledging, whatever the lease says. */
  over: boolean
  lost: Promise<void> | null
}

const NAME_TAKEN_RETRY_MS = 300
const RELEASE_RETRY_MS = 100
/** How long a node waits for a shard that another should take first: from, and at most so much more. */
const PATIENCE_MIN_MS = 50
const PATIENCE_SPAN_MS = 200
const CLAIM_RETRY_MS = 150
/** So many shards at a time are handed over by a node that stops. */
const HANDOVERS_AT_ONCE = 4

/** What a node does with shards for as long as one lease lasts. */
export class Tenure {
  readonly lease: Lease
  /** Resolves when the lease has ended and everything was told to go. */
  readonly over: Promise<void>
  readonly #deps: TenureDeps
  readonly #nodeKey: string
  readonly #held = new Map<number, Held>()
  /** One change of a shard at a time. */
  readonly #busy = new Map<number, Promise<unknown>>()
  readonly #freeSince = new Map<number, number>()
  #nodes: Mirror<NodeRecord> | null = null
  #shards: Mirror<ShardRecord> | null = null
  #draining = false
  #scheduled = false
  #wake: Timer | null = null

  private constructor(deps: TenureDeps, lease: Lease) {
    this.#deps = deps
    this.lease = lease
    this.#nodeKey = deps.keys.nodes + deps.node
    this.over = new Promise((resolve) => {
      lease.ended.addEventListener('abort', () => {
        this.#end()
        resolve()
      })
    })
  }

  /**
   * Takes a lease, puts the node's key on it, and reads what there is. `earlier` is the lease of this process's tenure before: that
   * is over, so it can be revoked. Throws EtcdError.
   */
  static async begin(deps: TenureDeps, earlier: string | null, stopped: AbortSignal): Promise<Tenure> {
    const lease = await takeLease(deps)
    const tenure = new Tenure(deps, lease)
    try {
      await tenure.#register(earlier, stopped)
      const { client, runtime, logger, keys, zone } = deps
      const mirror = { client, runtime, logger, changed: () => tenure.#soon(), signal: lease.ended }
      tenure.#nodes = await Mirror.open({ ...mirror, prefix: keys.nodes, parse: parseNode })
      tenure.#shards = await Mirror.open({ ...mirror, prefix: keys.shards(zone), parse: parseShard })
      if (stopped.aborted) throw new EtcdError('unreachable', 'This node is stopping.')
    } catch (error) {
      await lease.end()
      throw error
    }
    reportCosts(deps, lease, () => [...tenure.#held.values()].map(({ holding }) => holding))
    return tenure
  }

  /** Resolves once what is free for this node now has been claimed and taken up. */
  async firstRound(): Promise<void> {
    this.#reconcile()
    await Promise.all(this.#busy.values())
    await Promise.all([...this.#held.values()].map(({ gained }) => gained))
  }

  /** Gives up a holding and claims its shard again, above what the log has. Throws what `epochOf` or etcd throws. */
  async renew(holding: Holding): Promise<void> {
    const { shard, epoch } = holding
    await this.#exclusively(shard, async () => {
      const held = this.#held.get(shard)
      if (held !== undefined && held.holding !== holding) return
      if (held !== undefined) await this.#lose(held, false)
      const record = this.#record(shard)
      if (!this.#isMine(record?.value) || record?.value?.epoch !== epoch) return
      const heir = record.value.wanted
      if (heir !== null && heir !== this.#deps.node && this.#living().has(heir)) await this.#release(shard, epoch, heir)
      else await this.#claim(shard, await this.#deps.epochOf(shard))
    })
    await this.#held.get(shard)?.gained
  }

  /** Gives every shard to a node that lives, and ends the lease. */
  async handOverAll(): Promise<void> {
    this.#draining = true
    if (!this.lease.ended.aborted) {
      await this.#sayDraining()
      // What is being claimed or moved at this moment.
      await Promise.all(this.#busy.values())
      const heirs = heirsOf([...this.#held.keys()], this.#othersCounts())
      const queue = [...this.#held.keys()]
      const worker = async () => {
        for (let shard = queue.shift(); shard !== undefined; shard = queue.shift()) {
          const next = shard
          await this.#exclusively(next, () => this.#handOver(next, heirs.get(next) ?? null))
        }
      }
      await Promise.all(Array.from({ length: HANDOVERS_AT_ONCE }, worker))
    }
    await this.lease.end()
  }

  async #register(earlier: string | null, stopped: AbortSignal): Promise<void> {
    const { client, runtime, logger, node, zone } = this.#deps
    const record: NodeRecord = { zone, draining: false }
    const put = { key: this.#nodeKey, value: JSON.stringify(record), lease: this.lease.id }
    if (earlier !== null) await client.revoke(earlier)
    for (let tries = 0; !this.lease.ended.aborted && !stopped.aborted; tries++) {
      // Only where there is none: while the key hangs on another lease, what that lease's holder owns is not free.
      if ((await client.txn([{ key: put.key, modRevision: 0 }], [put])).done) return
      if ((await client.get(put.key))?.lease === this.lease.id) return
      if (tries === 0)
        logger.warn({ node, zone }, 'another process of this node’s name has not run out yet; waiting for that')
      await pause(runtime, NAME_TAKEN_RETRY_MS, stopped)
    }
    throw new EtcdError('unreachable', 'The node could not be made known at etcd.')
  }

  #record(shard: number): Mirrored<ShardRecord> | undefined {
    return this.#shards?.get(String(shard))
  }

  #isMine(record: ShardRecord | null | undefined): boolean {
    return record?.owner?.node === this.#deps.node && record.owner.lease === this.lease.id
  }

  /** Nodes of the zone that take shards. */
  #living(): Set<string> {
    const living = new Set<string>([this.#deps.node])
    for (const [id, { value }] of this.#nodes?.items ?? []) {
      if (value?.zone === this.#deps.zone && !value.draining) living.add(id)
    }
    return living
  }

  #isFree(record: ShardRecord | null | undefined): boolean {
    if (record?.owner == null) return true
    return this.#nodes?.get(record.owner.node)?.lease !== record.owner.lease
  }

  #othersCounts(): Map<string, number> {
    const counts = new Map<string, number>([...this.#living()].map((id) => [id, 0]))
    counts.delete(this.#deps.node)
    for (const { value } of this.#shards?.items.values() ?? []) {
      const owner = value?.wanted ?? value?.owner?.node ?? ''
      const count = counts.get(owner)
      if (count !== undefined) counts.set(owner, count + 1)
    }
    return counts
  }

  /** Looks through all shards once everything that has arrived by now is taken in. */
  #soon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#deps.runtime.defer(() => {
      this.#scheduled = false
      this.#reconcile()
    })
  }

  #soonAfter(left: Promise<void> | undefined): void {
    void left?.then(() => this.#soon())
  }

  #reconcile(): void {
    this.#wake?.cancel()
    this.#wake = null
    if (this.lease.ended.aborted || this.#draining || this.#shards === null) return
    const { runtime, node, shards, leaving } = this.#deps
    const living = this.#living()
    const free: FreeShard[] = []
    for (let shard = 0; shard < shards; shard++) {
      if (this.#busy.has(shard)) continue
      if (leaving.has(shard)) {
        this.#soonAfter(leaving.get(shard))
        continue
      }
      const record = this.#record(shard)
      const held = this.#held.get(shard)
      if (held !== undefined) this.#look(held, record, living)
      // A claim or a release whose answer was lost.
      else if (this.#isMine(record?.value)) this.#begin(shard, () => this.#claim(shard, 0))
      else if (this.#isFree(record?.value)) {
        const since = this.#freeSince.get(shard) ?? runtime.monotonic()
        this.#freeSince.set(shard, since)
        free.push({ shard, wanted: record?.value?.wanted ?? null, freeForMs: runtime.monotonic() - since })
        continue
      }
      this.#freeSince.delete(shard)
    }
    const patienceMs = PATIENCE_MIN_MS + runtime.random() * PATIENCE_SPAN_MS
    const held = new Set([...this.#held.keys(), ...this.#busy.keys()]).size
    const { claim, againInMs } = claimsNow({ me: node, nodes: [...living], shards, held, free, patienceMs })
    for (const shard of claim) this.#begin(shard, () => this.#claim(shard, 0))
    if (againInMs !== null) this.#wake = runtime.after(againInMs, () => this.#soon())
  }

  /** What a held shard's record says that is to be done. */
  #look(held: Held, record: Mirrored<ShardRecord> | undefined, living: ReadonlySet<string>): void {
    const { shard, epoch } = held.holding
    if (record === undefined || record.modRevision < held.modRevision) return
    const { value } = record
    if (!this.#isMine(value) || value?.epoch !== epoch) {
      this.#deps.logger.error({ shard, epoch }, 'a shard was taken away from its living owner')
      this.#begin(shard, () => this.#lose(held, false))
    } else if (value.wanted !== null) {
      const heir = value.wanted
      if (heir !== this.#deps.node && living.has(heir)) this.#begin(shard, () => this.#move(held, heir))
      else this.#begin(shard, () => this.#write(shard, record, { ...value, wanted: null }))
    }
  }

  #begin(shard: number, run: () => Promise<unknown>): void {
    this.#exclusively(shard, run).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, shard }, 'a shard’s record at etcd was not changed')
    })
  }

  async #exclusively(shard: number, run: () => Promise<unknown>): Promise<void> {
    while (this.#busy.has(shard)) await this.#busy.get(shard)
    const running = run()
    this.#busy.set(
      shard,
      running.catch(() => undefined),
    )
    try {
      await running
    } finally {
      this.#busy.delete(shard)
      this.#soon()
    }
  }

  /** Tries to become the owner, at an epoch above this and above the record's. */
  async #claim(shard: number, above: number): Promise<void> {
    const { keys, node, zone, epochOf, runtime } = this.#deps
    const record = this.#record(shard)
    // A record that is new may be so because etcd was set up anew; the log remembers.
    const last = record?.value == null ? await epochOf(shard) : record.value.epoch
    if (this.lease.ended.aborted || this.#draining) return
    const epoch = Math.max(last, above) + 1
    const owner = record?.value?.owner
    const gone =
      owner == null || this.#isMine(record?.value) ? [] : [{ key: keys.nodes + owner.node, leaseNot: owner.lease }]
    // Until it is known to have worked, it is not tried again at once.
    this.#freeSince.set(shard, runtime.monotonic() + CLAIM_RETRY_MS)
    const next: ShardRecord = { owner: { node, lease: this.lease.id }, epoch, wanted: null }
    const taken = await this.#write(shard, record, next, gone)
    if (taken !== null) this.#gain(shard, epoch, taken)
    else this.#deps.logger.debug({ shard, zone, epoch }, 'a claim came too late')
  }

  /** Writes a shard's record if it is as known and this node's lease lives. The new revision, or null. */
  async #write(
    shard: number,
    known: Mirrored<ShardRecord> | undefined,
    next: ShardRecord,
    more: readonly { key: string; leaseNot: string }[] = [],
  ): Promise<number | null> {
    const { client, keys, zone } = this.#deps
    const put = { key: keys.shards(zone) + String(shard), value: JSON.stringify(next) }
    const compares = [
      { key: put.key, modRevision: known?.modRevision ?? 0 },
      { key: this.#nodeKey, lease: this.lease.id },
      ...more,
    ]
    const { done, revision } = await client.txn(compares, [put])
    if (!done) {
      const now = await client.get(put.key)
      if (now !== null) this.#shards?.note(now)
      return null
    }
    this.#shards?.note({ ...put, modRevision: revision, lease: '0' })
    return revision
  }

  #gain(shard: number, epoch: number, modRevision: number): void {
    const { handlers, logger } = this.#deps
    if (this.lease.ended.aborted) return
    const holding: Holding = { shard, epoch, validUntil: () => (held.over ? -Infinity : this.lease.validUntil()) }
    const held: Held = { holding, modRevision, gained: Promise.resolve(), isGained: false, over: false, lost: null }
    this.#held.set(shard, held)
    held.gained = handlers.gained(holding).then(
      () => void (held.isGained = true),
      (error: unknown) => {
        held.isGained = true
        logger.error({ err: error, shard, epoch }, 'a shard was not taken up')
      },
    )
  }

  /** `graceful`: what is under way may still be acknowledged. */
  #lose(held: Held, graceful: boolean): Promise<void> {
    // What is still being taken up finds out by this that it must not be.
    if (!graceful || !held.isGained) held.over = true
    held.lost ??= this.#tellLost(held)
    return held.lost
  }

  async #tellLost(held: Held): Promise<void> {
    const { shard, epoch } = held.holding
    const { handlers, logger, leaving } = this.#deps
    const told = handlers.lost(held.holding).catch((error: unknown) => {
      logger.error({ err: error, shard, epoch }, 'a shard was not let go as it should be')
    })
    leaving.set(shard, told)
    await told
    held.over = true
    leaving.delete(shard)
    if (this.#held.get(shard) === held) this.#held.delete(shard)
  }

  /**
   * A move serves the balance and is no need: while the log does not answer, the heir could not take the shard up, whereas here its
   * rooms may go on. So it stays, and whoever wanted it elsewhere may want it again.
   */
  async #move({ holding: { shard, epoch } }: Held, heir: string): Promise<void> {
    try {
      await this.#deps.epochOf(shard)
    } catch (error) {
      this.#deps.logger.warn({ err: error, shard, epoch, heir }, 'a shard stays where it is: its log does not answer')
      const record = this.#record(shard)
      if (!this.#isMine(record?.value) || record?.value?.epoch !== epoch) return
      await this.#write(shard, record, { ...record.value, wanted: null })
      return
    }
    await this.#handOver(shard, heir)
  }

  async #handOver(shard: number, heir: string | null): Promise<void> {
    const held = this.#held.get(shard)
    if (held === undefined) return
    await this.#lose(held, true)
    await this.#release(shard, held.holding.epoch, heir)
  }

  /** Makes the shard free, again and again until that is certain or the lease is over. */
  async #release(shard: number, epoch: number, heir: string | null): Promise<void> {
    const { runtime, logger } = this.#deps
    while (!this.lease.ended.aborted) {
      const record = this.#record(shard)
      if (record?.value == null || !this.#isMine(record.value) || record.value.epoch !== epoch) return
      try {
        const done = await this.#write(shard, record, { owner: null, epoch, wanted: heir })
        if (done !== null) return
      } catch (error) {
        if (!isTrouble(error, 'unreachable')) throw error
        logger.debug({ err: error, shard, epoch }, 'a shard is not released yet')
      }
      await pause(runtime, RELEASE_RETRY_MS, this.lease.ended)
    }
  }

  async #sayDraining(): Promise<void> {
    const { client, zone, logger } = this.#deps
    const record: NodeRecord = { zone, draining: true }
    try {
      const put = { key: this.#nodeKey, value: JSON.stringify(record), lease: this.lease.id }
      await client.txn([{ key: put.key, lease: this.lease.id }], [put])
    } catch (error) {
      // The others then see it go all at once.
      logger.debug({ err: error }, 'etcd does not know that this node is leaving')
    }
  }

  #end(): void {
    this.#wake?.cancel()
    for (const held of this.#held.values()) void this.#lose(held, false)
  }
}
