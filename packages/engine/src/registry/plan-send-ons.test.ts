import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVEN, planSendOns } from './plan-send-ons.ts'
import type { SendOn } from './plan-send-ons.ts'
import type { GatewayReport } from './registry.ts'

function zone(counts: readonly number[], name = 'z', capacity = 1_000): GatewayReport[] {
  return counts.map((connections, at) => ({
    node: `${name}${at}`,
    zone: name,
    url: `http://${name}${at}`,
    capacity,
    connections,
  }))
}

/** Carries orders out as clients do: each leaves its gateway for the one of its zone with the lowest share taken. */
function carryOut(reports: readonly GatewayReport[], orders: readonly SendOn[]): GatewayReport[] {
  const after = reports.map((report) => ({ ...report }))
  for (const { node, zone: name, count } of orders) {
    const from = after.find((report) => report.node === node)
    if (from === undefined) continue
    for (let left = count; left > 0; left--) {
      const to = after
        .filter((report) => report.zone === name && report !== from && report.connections < report.capacity)
        .toSorted((a, b) => a.connections / a.capacity - b.connections / b.capacity)[0]
      if (to === undefined) break
      from.connections--
      to.connections++
    }
  }
  return after
}

/** Plans and carries out, once begun until nothing is planned any more. */
function settle(reports: GatewayReport[]): { reports: GatewayReport[]; orders: SendOn[] } {
  let now = reports
  const orders: SendOn[] = []
  for (let steps = 0; ; steps++) {
    const plan = planSendOns(now, () => steps > 0)
    if (plan.length === 0) return { reports: now, orders }
    if (steps > 500) throw new Error('It does not end.')
    orders.push(...plan)
    now = carryOut(now, plan)
  }
}

const people = (reports: readonly GatewayReport[]) => reports.reduce((sum, { connections }) => sum + connections, 0)

/** The furthest that any gateway is from its part of its zone's people, in people. */
function furthest(reports: readonly GatewayReport[]): number {
  const capacity = reports.reduce((sum, report) => sum + report.capacity, 0)
  const share = people(reports) / capacity
  return Math.max(0, ...reports.map((report) => Math.abs(report.connections - report.capacity * share)))
}

/** Any gateways of a zone. Where `capacityMin` is more than a few, one person more or less makes little difference. */
const gateways = (name: string, capacityMin = 1): fc.Arbitrary<GatewayReport[]> =>
  fc
    .array(
      fc
        .tuple(fc.integer({ min: capacityMin, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([capacity, share]) => ({ capacity, connections: Math.round(capacity * share) })),
      { maxLength: 6 },
    )
    .map((all) => all.map((each, at) => ({ ...each, node: `${name}${at}`, zone: name, url: `http://${name}${at}` })))

describe('the plan of who is sent on', () => {
  test('a third gateway that is new gets a part of what the two others have', () => {
    const plan = planSendOns(zone([150, 150, 0]))
    expect(plan).toEqual([
      { node: 'z0', zone: 'z', count: 50 },
      { node: 'z1', zone: 'z', count: 50 },
    ])
    expect(settle(zone([150, 150, 0])).reports.map(({ connections }) => connections)).toEqual([100, 100, 100])
  })

  test('one new gateway beside many is noticed although none of them is far above the mean', () => {
    const { reports } = settle(zone([...Array.from({ length: 12 }, () => 100), 0]))
    expect(furthest(reports)).toBeLessThanOrEqual(10)
  })

  test('it begins past a fifth from even, and once begun goes on until all are within a tenth', () => {
    expect(planSendOns(zone([118, 100, 82]))).toEqual([])
    expect(planSendOns(zone([118, 100, 82]), () => true)).toEqual([{ node: 'z0', zone: 'z', count: 18 }])
    expect(planSendOns(zone([125, 100, 75]))).not.toEqual([])
    expect(planSendOns(zone([109, 100, 91]), () => true)).toEqual([])
  })

  test('a handful of people is no unevenness', () => {
    expect(planSendOns(zone([2, 0, 0]))).toEqual([])
    expect(planSendOns(zone([3, 1]))).toEqual([])
    expect(planSendOns([])).toEqual([])
    expect(planSendOns(zone([500]))).toEqual([])
  })

  test('many are sent on in steps', () => {
    const [first] = planSendOns(zone([12_000, 0], 'z', 20_000))
    expect(first?.count).toBe(1_000)
    expect(planSendOns(zone([3_000, 0], 'z', 20_000))[0]?.count).toBe(300)
    expect(furthest(settle(zone([12_000, 0], 'z', 20_000)).reports)).toBeLessThanOrEqual(600)
  })

  test('it asks nobody to send on people whom it does not have, or whom the others have no room for', () => {
    fc.assert(
      fc.property(gateways('z'), fc.boolean(), (reports, begun) => {
        const plan = planSendOns(reports, () => begun)
        expect(new Set(plan.map(({ node }) => node)).size).toBe(plan.length)
        for (const { node, count } of plan) {
          expect(Number.isInteger(count) && count > 0).toBe(true)
          expect(count).toBeLessThanOrEqual(reports.find((report) => report.node === node)?.connections ?? 0)
        }
        const share = people(reports) / reports.reduce((sum, { capacity }) => sum + capacity, 0)
        const room = reports.reduce(
          (sum, { connections, capacity }) => sum + Math.max(0, capacity * share - connections),
          0,
        )
        expect(plan.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(room)
        const after = carryOut(reports, plan)
        expect(people(after)).toBe(people(reports))
        for (const { connections, capacity } of after) expect(connections).toBeLessThanOrEqual(capacity)
      }),
    )
  })

  test('its own effect never gives it a reason to send back: no gateway both sends on and gets people, and it ends within a tenth', () => {
    fc.assert(
      fc.property(gateways('z', 50), (reports) => {
        const before = furthest(reports)
        const { reports: after, orders } = settle(reports)
        const senders = new Set(orders.map(({ node }) => node))
        for (const report of reports) {
          const now = after.find(({ node }) => node === report.node)
          if (senders.has(report.node)) expect(now?.connections).toBeLessThan(report.connections)
        }
        expect(furthest(after)).toBeLessThanOrEqual(before)
        if (orders.length === 0) return
        const share = people(after) / after.reduce((sum, { capacity }) => sum + capacity, 0)
        for (const { connections, capacity } of after) {
          const part = capacity * share
          // People are whole, and so are the rooms for them.
          expect(Math.abs(connections - part)).toBeLessThanOrEqual(Math.max(part * EVEN, after.length))
        }
        expect(planSendOns(after)).toEqual([])
      }),
    )
  })

  test('zones do not touch each other', () => {
    fc.assert(
      fc.property(gateways('a'), gateways('b'), (a, b) => {
        const both = planSendOns(a.flatMap((report, at) => [report, ...b.slice(at, at + 1)]).concat(b.slice(a.length)))
        expect(both.filter((order) => order.zone === 'a')).toEqual(planSendOns(a))
        expect(both.filter((order) => order.zone === 'b')).toEqual(planSendOns(b))
      }),
    )
  })
})
