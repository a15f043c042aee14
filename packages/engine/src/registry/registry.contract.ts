import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { REPORT_TTL_MS } from './registry.ts'
import type { GatewayReport, Registry } from './registry.ts'

/** What a test needs of an adapter: an empty registry, a way to let time pass for it, and its end. */
export interface OpenRegistry {
  registry: Registry
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

function gateway(node: string, more: Partial<GatewayReport> = {}): GatewayReport {
  return { node, zone: 'z', url: `http://${node}`, capacity: 100, connections: 0, ...more }
}

/** The guarantee of the port `Registry`, for any adapter. */
export function registryContract(name: string, open: () => Promise<OpenRegistry>): void {
  describe(`registry: ${name}`, () => {
    let opened: OpenRegistry
    let registry: Registry
    beforeEach(async () => {
      opened = await open()
      registry = opened.registry
    })
    afterEach(() => opened.close())

    test('without gateways there is none to give', async () => {
      expect(await registry.assign()).toBeNull()
      expect(await registry.assign('z')).toBeNull()
      expect(await registry.list()).toEqual([])
    })

    test('the gateway with the lowest share of its capacity taken is given', async () => {
      await registry.report(gateway('big', { capacity: 1_000, connections: 300 }))
      await registry.report(gateway('small', { capacity: 100, connections: 40 }))
      expect(await registry.assign('z')).toEqual({ url: 'http://big', zone: 'z' })
    })

    test('a burst spreads evenly before any gateway has reported again', async () => {
      for (const node of ['a', 'b', 'c', 'd']) await registry.report(gateway(node))
      const given = await Promise.all(Array.from({ length: 40 }, () => registry.assign('z')))
      const counts = Map.groupBy(given, (each) => each?.url)
      expect([...counts.values()].map((each) => each.length)).toEqual([10, 10, 10, 10])
    })

    test('[R7] no more places are given than there are', async () => {
      await registry.report(gateway('a', { capacity: 3, connections: 1 }))
      const given = await Promise.all(Array.from({ length: 5 }, () => registry.assign('z')))
      expect(given.filter((each) => each !== null)).toHaveLength(2)
      expect(await registry.assign()).toBeNull()
    })

    test('a report is absolute: it takes the earlier one’s place', async () => {
      await registry.report(gateway('a', { connections: 90 }))
      await registry.report(gateway('b', { connections: 50 }))
      await registry.report(gateway('a', { connections: 10 }))
      expect(await registry.assign('z')).toMatchObject({ url: 'http://a' })
      expect((await registry.list()).toSorted((x, y) => x.node.localeCompare(y.node))).toEqual([
        gateway('a', { connections: 10 }),
        gateway('b', { connections: 50 }),
      ])
    })

    test('what the last report says of its CPU is told, and nothing when it says nothing', async () => {
      await registry.report(gateway('a', { cpu: 0.25 }))
      expect(await registry.list()).toEqual([gateway('a', { cpu: 0.25 })])
      await registry.report(gateway('a', { cpu: 0 }))
      expect(await registry.list()).toEqual([gateway('a', { cpu: 0 })])
      await registry.report(gateway('a'))
      expect(await registry.list()).toEqual([gateway('a')])
    })

    test('the asked zone comes first, and another one only when it is full', async () => {
      await registry.report(gateway('far', { zone: 'y' }))
      await registry.report(gateway('near', { capacity: 2, connections: 1 }))
      expect(await registry.assign('z')).toEqual({ url: 'http://near', zone: 'z' })
      expect(await registry.assign('z')).toEqual({ url: 'http://far', zone: 'y' })
      expect(await registry.assign('nowhere')).toMatchObject({ zone: 'y' })
    })

    test('[R8] a gateway that is late with its report is given only when no other has a place', async () => {
      await registry.report(gateway('late', { capacity: 1_000 }))
      await opened.pass(REPORT_TTL_MS * 0.6)
      await registry.report(gateway('far', { zone: 'y', capacity: 1 }))
      expect(await registry.assign('z')).toEqual({ url: 'http://far', zone: 'y' })
      expect(await registry.assign('z')).toEqual({ url: 'http://late', zone: 'z' })
      await registry.report(gateway('late', { capacity: 1_000 }))
      expect(await registry.assign('z')).toEqual({ url: 'http://late', zone: 'z' })
    })

    test('[R8] a gateway that the asker could not reach is given only when no other has a place', async () => {
      await registry.report(gateway('dead', { capacity: 1_000 }))
      await registry.report(gateway('far', { zone: 'y', capacity: 2 }))
      expect(await registry.assign('z')).toEqual({ url: 'http://dead', zone: 'z' })
      expect(await registry.assign('z', 'http://dead')).toEqual({ url: 'http://far', zone: 'y' })
      expect(await registry.assign(undefined, 'http://dead')).toEqual({ url: 'http://far', zone: 'y' })
      expect(await registry.assign('z', 'http://dead')).toEqual({ url: 'http://dead', zone: 'z' })
      expect(await registry.assign('z', 'http://unknown')).toEqual({ url: 'http://dead', zone: 'z' })
    })

    test('a gateway that was removed, or has not reported for its time to live, is not given', async () => {
      await registry.report(gateway('gone'))
      await registry.report(gateway('silent'))
      await registry.remove('gone')
      await registry.remove('unknown')
      expect(await registry.assign('z')).toMatchObject({ url: 'http://silent' })
      await opened.pass(REPORT_TTL_MS + 500)
      expect(await registry.assign('z')).toBeNull()
      expect(await registry.list()).toEqual([])
      await registry.report(gateway('silent'))
      expect(await registry.assign('z')).toMatchObject({ url: 'http://silent' })
    })
  })
}
