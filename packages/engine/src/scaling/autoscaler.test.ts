import { PlenaryError } from '@plenary/kinds'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Metrics } from '../metrics.ts'
import { memoryRegistry } from '../registry/registry-memory.ts'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { startAutoscaler } from './autoscaler.ts'
import type { Autoscaler } from './autoscaler.ts'
import type { ProvisionedNode, Provisioner } from './provisioner.ts'

/** Nodes that share a load evenly; those that the provisioner starts come up after a while. */
class Cluster implements Provisioner {
  readonly runtime = new TestRuntime()
  readonly registry = memoryRegistry(this.runtime)
  readonly provisioned = new Map<string, ProvisionedNode>()
  readonly reporting = new Map<string, string>([['first', 'z']])
  readonly calls: string[] = []
  readonly figures: string[] = []
  cores = 0
  fails = false
  leading = true
  closed = 0
  autoscaler: Autoscaler | null = null

  start(): void {
    const metrics: Metrics = {
      count: (name, _, labels) => void this.figures.push(`${name} ${labels?.['direction']} ${labels?.['outcome']}`),
      observe: () => {},
      gauge: () => {},
    }
    this.runtime.every(1_000, () => void this.#report())
    this.autoscaler = startAutoscaler({
      registry: this.registry,
      provisioner: this,
      leader: { leading: () => this.leading },
      runtime: this.runtime,
      logger: pino({ level: 'silent' }),
      metrics,
      zone: 'z',
      rule: { nodesMax: 3, calmMs: 60_000 },
    })
  }

  async list(): Promise<ProvisionedNode[]> {
    return [...this.provisioned.values()]
  }

  async up(zone: string): Promise<void> {
    this.calls.push(`up ${zone}`)
    await new Promise<void>((resolve) => this.runtime.after(3_000, resolve))
    if (this.fails) throw new PlenaryError('unavailable', 'No machine is free.')
    const node = `more-${this.calls.length}`
    this.provisioned.set(node, { node, zone, state: 'up' })
    this.reporting.set(node, zone)
  }

  async down(node: string): Promise<void> {
    this.calls.push(`down ${node}`)
    this.reporting.delete(node)
    this.provisioned.delete(node)
    await this.registry.remove(node)
  }

  async close(): Promise<void> {
    this.closed++
  }

  async #report(): Promise<void> {
    for (const [node, zone] of this.reporting) {
      const near = [...this.reporting.values()].filter((each) => each === zone).length
      const cpu = zone === 'z' ? Math.min(1, this.cores / near) : 0.4
      await this.registry.report({ node, zone, url: `http://${node}`, capacity: 100, connections: 0, cpu })
    }
  }
}

let cluster: Cluster
beforeEach(() => {
  cluster = new Cluster()
  cluster.start()
})
afterEach(async () => {
  await cluster.autoscaler?.close()
  await cluster.registry.close()
})

describe('the autoscaler', () => {
  test('load makes it start a second and a third node; when load goes, it drains them', async () => {
    await cluster.runtime.advance(60_000)
    expect(cluster.calls).toEqual([])
    cluster.cores = 1.7
    await cluster.runtime.advance(120_000)
    expect(cluster.calls).toEqual(['up z', 'up z'])
    await cluster.runtime.advance(120_000)
    cluster.cores = 0.1
    await cluster.runtime.advance(300_000)
    expect(cluster.calls.slice(2).toSorted()).toEqual(['down more-1', 'down more-2'])
    expect([...cluster.reporting.keys()]).toEqual(['first'])
    expect(cluster.figures).toEqual([
      'scalings_total up ok',
      'scalings_total up ok',
      'scalings_total down ok',
      'scalings_total down ok',
    ])
  })

  test('each zone is looked after for itself', async () => {
    cluster.reporting.set('elsewhere', 'y')
    cluster.cores = 1
    await cluster.runtime.advance(40_000)
    expect(cluster.calls).toEqual(['up z'])
  })

  test('a zone whose last node is gone gets a new one', async () => {
    await cluster.runtime.advance(20_000)
    cluster.reporting.clear()
    await cluster.runtime.advance(30_000)
    expect(cluster.calls).toEqual(['up z'])
    expect([...cluster.reporting.keys()]).toEqual(['more-1'])
  })

  test('what has failed is counted and tried again later, not at once', async () => {
    cluster.fails = true
    cluster.cores = 1
    await cluster.runtime.advance(40_000)
    expect(cluster.calls).toEqual(['up z'])
    cluster.fails = false
    await cluster.runtime.advance(30_000)
    expect(cluster.calls).toEqual(['up z', 'up z'])
    expect(cluster.figures).toEqual(['scalings_total up failed', 'scalings_total up ok'])
  })

  test('only the leader acts, and one that leads again observes anew', async () => {
    cluster.leading = false
    cluster.cores = 1
    await cluster.runtime.advance(60_000)
    cluster.leading = true
    await cluster.runtime.advance(9_000)
    expect(cluster.calls).toEqual([])
    await cluster.runtime.advance(6_000)
    expect(cluster.calls).toEqual(['up z'])
  })

  test('its end closes the provisioner and leaves no timer of its own', async () => {
    await cluster.runtime.advance(10_000)
    const pending = cluster.runtime.pending
    await cluster.autoscaler?.close()
    cluster.autoscaler = null
    expect(cluster.closed).toBe(1)
    expect(cluster.runtime.pending).toBe(pending - 1)
    cluster.cores = 1
    await cluster.runtime.advance(60_000)
    expect(cluster.calls).toEqual([])
  })
})
