import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVEN, UNEVEN, planMoves } from './plan-moves.ts'
import type { Move, PlannedShard } from './plan-moves.ts'

interface Zone {
  nodes: { id: string; draining: boolean }[]
  shards: PlannedShard[]
}

function apply({ nodes, shards }: Zone, moves: readonly Move[]): Zone {
  const to = new Map(moves.map((move) => [move.shard, move.to]))
  return { nodes, shards: shards.map((each) => ({ ...each, owner: to.get(each.shard) ?? each.owner })) }
}

/** Plans and moves until there is nothing more to move. */
function settle(zone: Zone, movesMax = 8): { zone: Zone; placements: string[] } {
  let now = zone
  const placements = [placement(now)]
  for (;;) {
    const moves = planMoves({ ...now, movesMax })
    if (moves.length === 0) return { zone: now, placements }
    now = apply(now, moves)
    placements.push(placement(now))
    if (placements.length > 2_000) throw new Error('It does not end.')
  }
}

const placement = ({ shards }: Zone) => shards.map(({ owner }) => owner).join(' ')

function unevenness({ nodes, shards }: Zone): number {
  const loads = new Map(nodes.filter(({ draining }) => !draining).map(({ id }) => [id, 0]))
  for (const { owner, cost } of shards) loads.set(owner, (loads.get(owner) ?? 0) + cost)
  const all = [...loads.values()]
  const mean = all.reduce((sum, load) => sum + load, 0) / all.length
  return mean === 0 ? 0 : Math.max(...all.map((load) => Math.abs(load - mean))) / mean
}

/** Any zone: any costs, any owners, some of them draining. */
const zones = (costs: fc.Arbitrary<number>, { perNode = 1, draining = true } = {}): fc.Arbitrary<Zone> =>
  fc.integer({ min: 1, max: 6 }).chain((count) =>
    fc.record({
      nodes: fc
        .array(draining ? fc.boolean() : fc.constant(false), { minLength: count, maxLength: count })
        .map((flags) => flags.map((flag, at) => ({ id: `n${at}`, draining: flag }))),
      shards: fc
        .array(fc.tuple(fc.nat({ max: count - 1 }), costs, fc.boolean()), { minLength: count * perNode, maxLength: 64 })
        .map((each) =>
          each.map(([owner, cost, resting], shard) => ({
            shard,
            owner: `n${owner}`,
            cost,
            resting: resting && draining,
          })),
        ),
    }),
  )
const anyCost = fc.oneof(fc.constant(0), fc.nat({ max: 10_000 }), fc.nat({ max: 10 }))

describe('the plan of moves', () => {
  test('a full node gives to an empty one, few and large', () => {
    const shards = [100, 100, 5, 5, 5, 5].map((cost, shard) => ({ shard, owner: 'a', cost }))
    const nodes = ['a', 'b'].map((id) => ({ id, draining: false }))
    expect(planMoves({ nodes, shards, movesMax: 8 })).toEqual([{ shard: 0, from: 'a', to: 'b' }])
  })

  test('where a single move helps little, two shards change places', () => {
    const costs = { a: [60, 50], b: [30, 20] }
    const shards = [...costs.a, ...costs.b].map((cost, shard) => ({ shard, owner: shard < 2 ? 'a' : 'b', cost }))
    const nodes = ['a', 'b'].map((id) => ({ id, draining: false }))
    const { zone } = settle({ nodes, shards })
    expect(unevenness(zone)).toBeLessThanOrEqual(EVEN)
    expect(planMoves({ nodes, shards, movesMax: 8 })).toHaveLength(2)
  })

  test('with nothing to even out there is nothing to move', () => {
    expect(planMoves({ nodes: [], shards: [], movesMax: 8 })).toEqual([])
    const nodes = ['a', 'b'].map((id) => ({ id, draining: false }))
    expect(planMoves({ nodes, shards: [{ shard: 0, owner: 'a', cost: 0 }], movesMax: 8 })).toEqual([])
    expect(planMoves({ nodes, shards: [{ shard: 0, owner: 'a', cost: 9 }], movesMax: 8 })).toEqual([])
  })

  test('it never comes back to where it was, and ends, whatever the costs', () => {
    fc.assert(
      fc.property(zones(anyCost), fc.integer({ min: 1, max: 12 }), (zone, movesMax) => {
        const { placements } = settle(zone, movesMax)
        expect(new Set(placements).size).toBe(placements.length)
      }),
    )
  })

  test('it never makes anything more uneven', () => {
    const squares = ({ nodes, shards }: Zone) =>
      nodes
        .filter(({ draining }) => !draining)
        .map(({ id }) => shards.reduce((sum, { owner, cost }) => (owner === id ? sum + cost : sum), 0))
        .reduce((sum, load) => sum + load * load, 0)
    fc.assert(
      fc.property(zones(anyCost), fc.integer({ min: 1, max: 12 }), (zone, movesMax) => {
        const moves = planMoves({ ...zone, movesMax })
        fc.pre(moves.length > 0)
        expect(squares(apply(zone, moves))).toBeLessThan(squares(zone))
      }),
    )
  })

  test('with shards that are small enough it ends within a quarter of even', () => {
    // The heaviest is no more than a fifth of what a node has when all is even.
    const costs = fc.double({ min: 50, max: 100, noNaN: true })
    fc.assert(
      fc.property(zones(costs, { perNode: 10, draining: false }), (zone) => {
        expect(unevenness(settle(zone).zone)).toBeLessThanOrEqual(0.25)
      }),
    )
  })

  test('once it is even it rests, though the costs go up and down a little', () => {
    const costs = fc.double({ min: 50, max: 100, noNaN: true })
    const noise = fc.array(fc.double({ min: 0.96, max: 1.04, noNaN: true }), { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(zones(costs, { perNode: 10, draining: false }), noise, (zone, factors) => {
        const even = settle(zone).zone
        fc.pre(unevenness(even) <= EVEN)
        const shards = even.shards.map((each, at) => ({ ...each, cost: each.cost * (factors[at] ?? 1) }))
        expect(unevenness({ ...even, shards })).toBeLessThan(UNEVEN)
        expect(planMoves({ ...even, shards, movesMax: 8 })).toEqual([])
      }),
    )
  })

  test('it keeps to the cap, moves a shard once, from where it is, and leaves alone what rests', () => {
    fc.assert(
      fc.property(zones(anyCost), fc.integer({ min: 0, max: 12 }), (zone, movesMax) => {
        const moves = planMoves({ ...zone, movesMax })
        expect(moves.length).toBeLessThanOrEqual(movesMax)
        expect(new Set(moves.map(({ shard }) => shard)).size).toBe(moves.length)
        for (const { shard, from, to } of moves) {
          const known = zone.shards[shard]
          expect(known?.owner).toBe(from)
          expect(known?.resting).not.toBe(true)
          expect(to).not.toBe(from)
        }
      }),
    )
  })

  test('a draining node gets nothing', () => {
    fc.assert(
      fc.property(zones(anyCost), (zone) => {
        const draining = new Set(zone.nodes.filter((node) => node.draining).map(({ id }) => id))
        for (const { to } of planMoves({ ...zone, movesMax: 12 })) expect(draining.has(to)).toBe(false)
      }),
    )
  })
})
