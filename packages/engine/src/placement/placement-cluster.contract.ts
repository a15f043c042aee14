import { describe, expect, test } from 'vitest'
import { until } from '../testing/harness.ts'
import type { Holding, Placement } from './placement.ts'

/** A node of a cluster under test. */
export interface ClusterMember {
  placement: Placement
  /** Cuts it off from whatever it agrees with the others over, at once and for good, as if its machine were gone. */
  cutOff(): void
}

/** What a test needs of an adapter that many nodes share: nodes of one fresh zone of so many shards. */
export interface OpenCluster {
  /** After so long without a sign of life, a node's shards are free. */
  ttlMs: number
  member(id: string, shards: number): ClusterMember
  close(): Promise<void>
}

/** R8: shards are taken over within the lease's time to live and this. */
const TAKEOVER_MS = 2_000
/** R9: what a move may take until the next owner has the shard. */
const HANDOVER_MS = 500

/** So long an owner here takes to let a shard go. */
const LETTING_GO_MS = 30

/** An owner that keeps what it was told, beside all others of its zone. */
export class Owned {
  readonly id: string
  readonly member: ClusterMember
  readonly held = new Map<number, Holding>()
  readonly gained: Holding[] = []
  readonly #zone: Zone

  constructor(id: string, member: ClusterMember, zone: Zone) {
    this.id = id
    this.member = member
    this.#zone = zone
  }

  async start(cost?: (shard: number) => number): Promise<void> {
    await this.member.placement.start({
      gained: async (holding) => {
        this.#zone.grant(this, holding)
        this.held.set(holding.shard, holding)
        this.gained.push(holding)
      },
      lost: async (holding) => {
        this.#zone.leave(holding)
        // Letting go takes its time, and nobody may have the shard meanwhile.
        await new Promise((resolve) => setTimeout(resolve, LETTING_GO_MS))
        if (this.held.get(holding.shard) === holding) this.held.delete(holding.shard)
        this.#zone.left(holding)
      },
      ...(cost === undefined ? {} : { cost: ({ shard }) => cost(shard) }),
    })
  }
}

/** Sees all of a zone at once, and that no guarantee is broken in it. */
export class Zone {
  readonly owners: Owned[] = []
  /** Of each shard, everyone who ever had it. */
  readonly history = new Map<number, { owner: Owned; holding: Holding }[]>()
  /** What was wrong, in words. */
  readonly faults: string[] = []
  /** From the last owner's beginning to let go until the next one had the shard, of all that were let go in good order. */
  readonly pausesMs: number[] = []
  readonly #leaving = new Map<number, number>()
  readonly #left = new Set<number>()
  readonly #cluster: OpenCluster
  readonly shards: number

  constructor(cluster: OpenCluster, shards: number) {
    this.#cluster = cluster
    this.shards = shards
  }

  add(id: string): Owned {
    const owned = new Owned(id, this.#cluster.member(id, this.shards), this)
    this.owners.push(owned)
    return owned
  }

  /** Whether each shard is held by exactly one of these nodes, and by all of them together. */
  isWhole(...owners: Owned[]): boolean {
    const among = owners.length > 0 ? owners : this.owners
    return Array.from({ length: this.shards }, (_, shard) => among.filter(({ held }) => held.has(shard)).length).every(
      (count) => count === 1,
    )
  }

  grant(owner: Owned, holding: Holding): void {
    const { shard, epoch } = holding
    const before = this.history.get(shard) ?? []
    const now = performance.now()
    for (const earlier of before) {
      const { epoch: was, validUntil } = earlier.holding
      if (was >= epoch)
        this.faults.push(`shard ${shard}: epoch ${epoch} of ${owner.id} after ${was} of ${earlier.owner.id}`)
      if (validUntil() > now)
        this.faults.push(`shard ${shard}: ${earlier.owner.id} may still acknowledge while ${owner.id} may`)
    }
    if (holding.validUntil() <= now) this.faults.push(`shard ${shard}: granted to ${owner.id} when its time was over`)
    this.history.set(shard, [...before, { owner, holding }])
    const leaving = this.#leaving.get(shard)
    if (leaving !== undefined && !this.#left.has(shard)) {
      this.faults.push(`shard ${shard}: granted to ${owner.id} while it is still being let go`)
    }
    if (leaving !== undefined && this.#left.has(shard)) this.pausesMs.push(now - leaving)
    this.#leaving.delete(shard)
    this.#left.delete(shard)
  }

  leave({ shard }: Holding): void {
    this.#leaving.set(shard, performance.now())
  }

  left({ shard }: Holding): void {
    if (this.#leaving.has(shard)) this.#left.add(shard)
  }

  async stop(): Promise<void> {
    await Promise.all(this.owners.map(({ member }) => member.placement.stop()))
  }
}

/** The guarantee of the port `Placement` among several nodes, for any adapter that can have several. */
export function placementClusterContract(name: string, open: () => Promise<OpenCluster>): void {
  describe(`placement among nodes: ${name}`, () => {
    async function inZone(shards: number, run: (zone: Zone, cluster: OpenCluster) => Promise<void>): Promise<void> {
      const cluster = await open()
      const zone = new Zone(cluster, shards)
      try {
        await run(zone, cluster)
        expect(zone.faults).toEqual([])
      } finally {
        await zone.stop()
        await cluster.close()
      }
    }

    test('[R4] nodes that start at once end with every shard owned by exactly one of them', () =>
      inZone(16, async (zone) => {
        const owners = ['a', 'b', 'c'].map((id) => zone.add(id))
        await Promise.all(owners.map((owner) => owner.start()))
        await until(() => zone.isWhole(), 4_000)
      }))

    test('[R8] a node that is cut off stops acknowledging before another has its shards, and others have them in time', () =>
      inZone(12, async (zone, { ttlMs }) => {
        const [a, b, c] = [zone.add('a'), zone.add('b'), zone.add('c')]
        await a.start()
        await Promise.all([b.start(), c.start()])
        await until(() => zone.isWhole())
        const before = new Map(a.held)
        expect(before.size).toBeGreaterThan(0)
        a.member.cutOff()
        const since = performance.now()
        await until(() => zone.isWhole(b, c), ttlMs + TAKEOVER_MS)
        expect(performance.now() - since).toBeLessThan(ttlMs + TAKEOVER_MS)
        expect(a.held.size).toBe(0)
        for (const [shard, { epoch }] of before) {
          const now = b.held.get(shard) ?? c.held.get(shard)
          expect(now?.epoch).toBeGreaterThan(epoch)
        }
      }))

    test('[R9] a node that stops hands its shards over to the others, each within half a second', () =>
      inZone(8, async (zone) => {
        const [a, b] = [zone.add('a'), zone.add('b')]
        await a.start()
        await b.start()
        await until(() => zone.isWhole())
        const moved = a.held.size
        await a.member.placement.stop()
        expect(a.held.size).toBe(0)
        await until(() => zone.isWhole(b), 2_000)
        expect(zone.pausesMs.length).toBeGreaterThanOrEqual(moved)
        expect(Math.max(...zone.pausesMs)).toBeLessThan(HANDOVER_MS)
        for (const { validUntil } of a.gained) expect(validUntil()).toBe(-Infinity)
      }))

    test('[R4] whatever nodes come, go and renew, the epochs of a shard only rise', () =>
      inZone(6, async (zone) => {
        const [a, b] = [zone.add('a'), zone.add('b')]
        await Promise.all([a.start(), b.start()])
        await until(() => zone.isWhole())
        for (const owner of [a, b]) {
          for (const holding of [...owner.held.values()]) await owner.member.placement.renew(holding)
        }
        await until(() => zone.isWhole())
        await a.member.placement.stop()
        const c = zone.add('c')
        await c.start()
        await until(() => zone.isWhole(b, c))
        await b.member.placement.stop()
        await until(() => zone.isWhole(c))
        for (const [, holders] of zone.history) expect(holders.length).toBeGreaterThanOrEqual(2)
      }))
  })
}
