import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryBus } from '../bus/bus-memory.ts'
import { gatewayTopic } from '../gateway/gateway-orders.ts'
import type { GatewayOrder } from '../gateway/gateway-orders.ts'
import type { MetricName, Metrics } from '../metrics.ts'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { memoryRegistry } from './registry-memory.ts'
import { startMonitor } from './monitor.ts'
import type { Monitor, MonitorOptions } from './monitor.ts'
import type { Registry } from './registry.ts'

/** How a gateway answers: at once, with a no, not at all, or with an error. */
type Manner = 'well' | 'no' | 'never' | 'throws'

class Gateways {
  readonly runtime = new TestRuntime()
  readonly registry: Registry = memoryRegistry(this.runtime)
  readonly bus = memoryBus(this.runtime)
  readonly manners = new Map<string, Manner>()
  readonly connections = new Map<string, number>()
  readonly reporting = new Set<string>()
  readonly figures = new Map<MetricName, number>()
  readonly orders: { node: string; at: number; order: GatewayOrder }[] = []
  leading = true
  /** Whether clients do what they are asked. */
  obey = true
  #monitor: Monitor | null = null

  monitor(more: Partial<MonitorOptions> = {}): void {
    const metrics: Metrics = {
      count: (name, value = 1) => void this.figures.set(name, (this.figures.get(name) ?? 0) + value),
      observe: () => {},
      gauge: () => {},
    }
    this.#monitor = startMonitor({
      registry: this.registry,
      bus: this.bus,
      leader: { leading: () => this.leading },
      runtime: this.runtime,
      logger: pino({ level: 'silent' }),
      metrics,
      probe: ({ node }) => this.#answer(node),
      ...more,
    })
  }

  async add(node: string, connections = 0, zone = 'z'): Promise<void> {
    this.manners.set(node, 'well')
    this.connections.set(node, connections)
    this.reporting.add(node)
    const report = async () => {
      const now = this.connections.get(node) ?? 0
      if (this.reporting.has(node))
        await this.registry.report({ node, zone, url: `http://${node}`, capacity: 1_000, connections: now })
    }
    this.runtime.every(1_000, () => void report())
    await report()
    await this.bus.subscribe(gatewayTopic(node), ({ header }) => this.#ordered(node, header as GatewayOrder))
  }

  /** As a crash: it neither reports nor answers. */
  kill(node: string, manner: Manner = 'throws'): void {
    this.reporting.delete(node)
    this.manners.set(node, manner)
  }

  async listed(): Promise<string[]> {
    return (await this.registry.list()).map(({ node }) => node).toSorted()
  }

  async close(): Promise<void> {
    await this.#monitor?.close()
    await this.registry.close()
  }

  #ordered(node: string, order: GatewayOrder): void {
    this.orders.push({ node, at: this.runtime.monotonic(), order })
    if (!this.obey) return
    for (let left = order.sendOn; left > 0; left--) {
      this.runtime.after(this.runtime.random() * order.within, () => {
        const to = [...this.connections].toSorted(([, a], [, b]) => a - b)[0]?.[0] ?? node
        this.connections.set(node, (this.connections.get(node) ?? 0) - 1)
        this.connections.set(to, (this.connections.get(to) ?? 0) + 1)
      })
    }
  }

  #answer(node: string): Promise<boolean> {
    switch (this.manners.get(node)) {
      case 'well':
        return Promise.resolve(true)
      case 'no':
        return Promise.resolve(false)
      case 'never':
        return new Promise(() => {})
      default:
        return Promise.reject(new Error('connection refused'))
    }
  }
}

let gateways: Gateways
beforeEach(() => {
  gateways = new Gateways()
})
afterEach(() => gateways.close())

describe('the monitor takes out the dead', () => {
  test.for(['throws', 'never', 'no'] as const)(
    'a gateway that dies and %s is out within 5 s, the others stay',
    async (manner) => {
      for (const node of ['a', 'b', 'c']) await gateways.add(node)
      gateways.monitor()
      await gateways.runtime.advance(10_400)
      gateways.manners.set('b', manner)
      await gateways.runtime.advance(1_900)
      expect(await gateways.listed()).toEqual(['a', 'b', 'c'])
      // It goes on reporting: only the monitor can know.
      let out = false
      for (let ms = 1_900; ms < 5_000; ms += 50) {
        await gateways.runtime.advance(50)
        out ||= !(await gateways.listed()).includes('b')
      }
      expect(out).toBe(true)
      expect(gateways.figures.get('gateways_removed_total')).toBe(1)
      await gateways.runtime.advance(30_000)
      expect(await gateways.listed()).toContain('a')
      expect(gateways.figures.get('gateways_removed_total')).toBe(1)
    },
  )

  test('one that was silent for two probes and answers again is never removed', async () => {
    for (const node of ['a', 'b']) await gateways.add(node)
    gateways.monitor()
    for (let times = 0; times < 5; times++) {
      gateways.manners.set('b', 'never')
      await gateways.runtime.advance(2_000)
      gateways.manners.set('b', 'well')
      await gateways.runtime.advance(2_000)
    }
    expect(await gateways.listed()).toEqual(['a', 'b'])
    expect(gateways.figures.get('gateways_removed_total')).toBeUndefined()
  })

  test('one that comes back after it was removed is given again, and its next death counts anew', async () => {
    for (const node of ['a', 'b']) await gateways.add(node)
    gateways.monitor()
    gateways.kill('b')
    await gateways.runtime.advance(5_000)
    expect(await gateways.listed()).toEqual(['a'])
    gateways.manners.set('b', 'well')
    gateways.reporting.add('b')
    await gateways.runtime.advance(3_000)
    expect(await gateways.listed()).toEqual(['a', 'b'])
    gateways.kill('b')
    await gateways.runtime.advance(5_000)
    expect(gateways.figures.get('gateways_removed_total')).toBe(2)
  })

  test('a monitor that reaches nobody removes nobody', async () => {
    for (const node of ['a', 'b', 'c']) await gateways.add(node)
    gateways.monitor()
    await gateways.runtime.advance(2_000)
    for (const node of ['a', 'b', 'c']) gateways.manners.set(node, 'never')
    await gateways.runtime.advance(20_000)
    expect(await gateways.listed()).toEqual(['a', 'b', 'c'])
  })

  test('only the leader acts, and one that leads again begins anew', async () => {
    for (const node of ['a', 'b']) await gateways.add(node)
    gateways.monitor()
    gateways.manners.set('b', 'no')
    await gateways.runtime.advance(2_500)
    gateways.leading = false
    await gateways.runtime.advance(5_000)
    expect(await gateways.listed()).toEqual(['a', 'b'])
    gateways.leading = true
    await gateways.runtime.advance(2_000)
    expect(gateways.figures.get('gateways_removed_total')).toBeUndefined()
    await gateways.runtime.advance(2_000)
    expect(gateways.figures.get('gateways_removed_total')).toBe(1)
  })

  test('a registry that fails for a while stops nothing', async () => {
    for (const node of ['a', 'b']) await gateways.add(node)
    let away = true
    const list = () => (away ? Promise.reject(new Error('away')) : gateways.registry.list())
    gateways.monitor({ registry: { ...gateways.registry, list } })
    gateways.kill('b')
    await gateways.runtime.advance(3_000)
    away = false
    await gateways.runtime.advance(5_000)
    expect(await gateways.listed()).toEqual(['a'])
  })

  test('its end takes no time, leaves nothing behind, and ends probes under way', async () => {
    await gateways.add('a')
    gateways.reporting.clear()
    const pending = gateways.runtime.pending
    let ended = 0
    gateways.monitor({
      probe: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(++ended < 0))),
    })
    await gateways.runtime.advance(1_500)
    await gateways.close()
    expect(ended).toBe(1)
    expect(gateways.runtime.pending).toBe(pending)
  })
})

describe('the monitor evens out live sockets', () => {
  const counts = () => [...gateways.connections.values()]

  test('after a scale-up the full ones send some on, and it rests within 10 %', async () => {
    await gateways.add('a', 150)
    await gateways.add('b', 150)
    gateways.monitor()
    await gateways.runtime.advance(20_000)
    expect(gateways.orders).toEqual([])
    await gateways.add('c')
    await gateways.runtime.advance(30_000)
    for (const count of counts()) expect(Math.abs(count - 100)).toBeLessThanOrEqual(10)
    expect(counts().reduce((sum, count) => sum + count, 0)).toBe(300)
    const asked = gateways.orders.length
    expect(gateways.figures.get('clients_sent_on_total')).toBe(
      gateways.orders.reduce((sum, { order }) => sum + order.sendOn, 0),
    )
    await gateways.runtime.advance(120_000)
    expect(gateways.orders).toHaveLength(asked)
  })

  test('many go in steps, each only once the one before can be seen', async () => {
    await gateways.add('a', 900)
    gateways.monitor()
    await gateways.add('b')
    await gateways.runtime.advance(120_000)
    for (const count of counts()) expect(Math.abs(count - 450)).toBeLessThanOrEqual(45)
    expect(gateways.orders.every(({ node }) => node === 'a')).toBe(true)
    const times = gateways.orders.map(({ at }) => at)
    expect(times.length).toBeGreaterThan(2)
    for (const [at, time] of times.entries()) expect(time - (times[at - 1] ?? -Infinity)).toBeGreaterThanOrEqual(7_000)
  })

  test('a moment of unevenness is left alone', async () => {
    await gateways.add('a', 100)
    await gateways.add('b', 100)
    gateways.monitor()
    for (let times = 0; times < 5; times++) {
      gateways.connections.set('b', 30)
      await gateways.runtime.advance(2_000)
      gateways.connections.set('b', 100)
      await gateways.runtime.advance(2_000)
    }
    expect(gateways.orders).toEqual([])
  })

  test('nobody is sent on while people come by the hundred: they are put where there is room', async () => {
    await gateways.add('a', 900)
    await gateways.add('b')
    gateways.monitor()
    for (let clients = 0; clients <= 400; clients += 40) {
      gateways.connections.set('b', clients)
      await gateways.runtime.advance(1_000)
    }
    expect(gateways.orders).toEqual([])
    await gateways.runtime.advance(60_000)
    for (const count of counts()) expect(Math.abs(count - 650)).toBeLessThanOrEqual(65)
  })

  test('people of one zone are not sent on for an empty gateway of another', async () => {
    await gateways.add('a', 150, 'y')
    await gateways.add('b', 150, 'y')
    await gateways.add('c', 0, 'z')
    gateways.monitor()
    await gateways.runtime.advance(30_000)
    expect(gateways.orders).toEqual([])
  })

  test('nobody is sent on for the sake of a gateway that does not answer', async () => {
    await gateways.add('a', 150)
    await gateways.add('b', 0)
    gateways.manners.set('b', 'no')
    gateways.monitor()
    await gateways.runtime.advance(30_000)
    expect(gateways.orders.filter(({ at }) => at > 4_000)).toEqual([])
  })

  test('[R7] where asking changes nothing it stops asking for a while', async () => {
    gateways.obey = false
    await gateways.add('a', 150)
    await gateways.add('b', 0)
    gateways.monitor()
    await gateways.runtime.advance(240_000)
    expect(gateways.orders).toHaveLength(3)
    await gateways.runtime.advance(120_000)
    expect(gateways.orders).toHaveLength(6)
  })
})
