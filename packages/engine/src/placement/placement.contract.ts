import { describe, expect, test } from 'vitest'
import { until } from '../testing/harness.ts'
import type { Holding, Placement } from './placement.ts'

/** What a test needs of an adapter: a placement for one node of a zone of so many shards, over what earlier ones have left. */
export interface OpenPlacement {
  /** A node that may take all shards; `epochs` says what the log has of each. */
  node(shards: number, epochs: (shard: number) => Promise<number>): Promise<Placement>
  close(): Promise<void>
}

/** Keeps what a node was told, as an owner would. */
class Witness {
  readonly held = new Map<number, Holding>()
  readonly gained: Holding[] = []
  readonly lost: Holding[] = []
  readonly handlers = {
    gained: async (holding: Holding) => {
      expect(this.held.has(holding.shard)).toBe(false)
      this.held.set(holding.shard, holding)
      this.gained.push(holding)
    },
    lost: async (holding: Holding) => {
      expect(this.held.get(holding.shard)).toBe(holding)
      this.held.delete(holding.shard)
      this.lost.push(holding)
    },
  }

  holding(shard: number): Holding {
    const holding = this.held.get(shard)
    if (holding === undefined) throw new Error(`Shard ${shard} is not held.`)
    return holding
  }
}

/** The guarantee of the port `Placement`, for any adapter. */
export function placementContract(name: string, open: () => Promise<OpenPlacement>): void {
  describe(`placement: ${name}`, () => {
    async function withNode(
      shards: number,
      epochs: (shard: number) => Promise<number>,
      run: (placement: Placement, witness: Witness) => Promise<void>,
    ): Promise<void> {
      const opened = await open()
      const placement = await opened.node(shards, epochs)
      try {
        await run(placement, new Witness())
      } finally {
        await placement.stop()
        await opened.close()
      }
    }

    test('[R4] a node alone gains every shard, at an epoch above the log’s, and may acknowledge', () =>
      withNode(
        6,
        async (shard) => shard * 10,
        async (placement, witness) => {
          expect(placement.shards).toBe(6)
          await placement.start(witness.handlers)
          await until(() => witness.held.size === 6)
          for (const { shard, epoch, validUntil } of witness.held.values()) {
            expect(epoch).toBeGreaterThan(shard * 10)
            expect(validUntil()).toBeGreaterThan(0)
          }
        },
      ))

    test('[R4] renewing loses the holding first and gains the shard at a higher epoch; the old one is no longer valid', () =>
      withNode(
        2,
        async () => 0,
        async (placement, witness) => {
          await placement.start(witness.handlers)
          await until(() => witness.held.size === 2)
          const before = witness.holding(1)
          const untouched = witness.holding(0)
          await placement.renew(before)
          await until(() => witness.held.get(1) !== undefined && witness.held.get(1) !== before)
          expect(witness.holding(1).epoch).toBeGreaterThan(before.epoch)
          expect(before.validUntil()).toBe(-Infinity)
          expect(witness.lost).toEqual([before])
          expect(witness.holding(0)).toBe(untouched)
        },
      ))

    test('[R4] a holding that is over already is renewed once, however often that is asked', () =>
      withNode(
        1,
        async () => 3,
        async (placement, witness) => {
          await placement.start(witness.handlers)
          await until(() => witness.held.size === 1)
          const before = witness.holding(0)
          await Promise.all([placement.renew(before), placement.renew(before), placement.renew(before)])
          await until(() => witness.gained.length === 2)
          await placement.renew(before)
          expect(witness.gained).toHaveLength(2)
          expect(witness.lost).toEqual([before])
        },
      ))

    test('[R8] a renewal that broke in the middle can be asked again', () => {
      let broken = false
      const epochs = async () => {
        if (broken) throw new Error('The log is away.')
        return 0
      }
      return withNode(1, epochs, async (placement, witness) => {
        await placement.start(witness.handlers)
        await until(() => witness.held.size === 1)
        const before = witness.holding(0)
        broken = true
        await placement.renew(before).catch(() => undefined)
        broken = false
        await placement.renew(before)
        await until(() => witness.held.size === 1)
        expect(witness.holding(0).epoch).toBeGreaterThan(before.epoch)
      })
    })

    test('[R9] stopping loses everything, once, and nothing is gained after it', () =>
      withNode(
        3,
        async () => 0,
        async (placement, witness) => {
          await placement.start(witness.handlers)
          await until(() => witness.held.size === 3)
          const all = [...witness.held.values()]
          await placement.stop()
          expect(witness.held.size).toBe(0)
          expect(new Set(witness.lost)).toEqual(new Set(all))
          for (const holding of all) {
            expect(holding.validUntil()).toBe(-Infinity)
            await placement.renew(holding)
          }
          expect(witness.gained).toHaveLength(3)
        },
      ))
  })
}
