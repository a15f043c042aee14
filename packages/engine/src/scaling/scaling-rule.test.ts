import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideScaling, SCALING, stepFailed } from './scaling-rule.ts'
import type { ScalingRule, ScalingStep, ZoneMemory } from './scaling-rule.ts'

const LOOK_MS = 2_000
const MINUTE_MS = 60_000

interface Load {
  /** Cores that the zone's work takes in all. */
  cores: number
  people: number
}

/** A zone whose nodes share its load evenly, and do as they are told after a while. */
class Zone {
  readonly rule: ScalingRule
  readonly steps: { at: number; step: ScalingStep }[] = []
  readonly nodes: string[] = []
  memory: ZoneMemory | null = null
  at = 0
  startsMs = 4_000
  tellsCpu = true
  #named = 0
  readonly #coming: { node: string; at: number }[] = []

  constructor(nodes: number, rule: Partial<ScalingRule> = {}) {
    this.rule = { ...SCALING, ...rule }
    for (let left = nodes; left > 0; left--) this.nodes.push(this.#name())
  }

  run(forMs: number, load: (at: number) => Load): this {
    const end = this.at + forMs
    for (; this.at < end; this.at += LOOK_MS) this.look(load(this.at))
    return this
  }

  look({ cores, people }: Load): ScalingStep {
    for (const each of this.#coming.splice(0)) {
      if (each.at <= this.at) this.nodes.push(each.node)
      else this.#coming.push(each)
    }
    const count = Math.max(1, this.nodes.length)
    const cpu = this.tellsCpu ? { cpu: Math.min(1, cores / count) } : {}
    const reports = this.nodes.map((node, at) => ({
      node,
      zone: 'z',
      url: `http://${node}`,
      capacity: 100,
      connections: Math.min(100, Math.floor(people / count) + (at < people % count ? 1 : 0)),
      ...cpu,
    }))
    const endable = this.nodes.slice(1)
    const decided = decideScaling(
      this.memory,
      { at: this.at, reports, endable, silent: this.#coming.length },
      this.rule,
    )
    this.memory = decided.memory
    const { step } = decided
    if (step.change === 'none') return step
    this.steps.push({ at: this.at, step })
    if (step.change === 'up') this.#coming.push({ node: this.#name(), at: this.at + this.startsMs })
    else this.nodes.splice(this.nodes.indexOf(step.node), 1)
    return step
  }

  get changes(): string[] {
    return this.steps.map(({ step }) => step.change)
  }

  #name(): string {
    return `n${++this.#named}`
  }
}

describe('the scaling rule', () => {
  test('CPU above 60 % on average starts one more, and another one only when that was not enough', () => {
    const zone = new Zone(1).run(3 * MINUTE_MS, () => ({ cores: 0.9, people: 0 }))
    expect(zone.changes).toEqual(['up'])
    expect(zone.steps[0]).toEqual({ at: SCALING.smoothMs, step: { change: 'up', because: 'cpu' } })
    const more = new Zone(1).run(5 * MINUTE_MS, () => ({ cores: 1.5, people: 0 }))
    expect(more.changes).toEqual(['up', 'up'])
    const [first, second] = more.steps.map(({ at }) => at)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(SCALING.coolDownMs)
  })

  test('sockets above 80 % of capacity start one more', () => {
    expect(new Zone(2).run(MINUTE_MS, () => ({ cores: 0, people: 160 })).changes).toEqual([])
    expect(new Zone(2).run(MINUTE_MS, () => ({ cores: 0, people: 165 })).steps[0]?.step).toEqual({
      change: 'up',
      because: 'connections',
    })
  })

  test('a peak of a few seconds starts nothing', () => {
    const load = (at: number) => ({ cores: at % MINUTE_MS < 4_000 ? 1 : 0.3, people: 10 })
    expect(new Zone(1).run(10 * MINUTE_MS, load).changes).toEqual([])
  })

  test('calm for five minutes drains one node, and one moment above a quarter begins them anew', () => {
    const zone = new Zone(3).run(290_000, () => ({ cores: 0.3, people: 10 }))
    expect(zone.changes).toEqual([])
    zone.run(30_000, () => ({ cores: 1.2, people: 10 }))
    zone.run(299_000, () => ({ cores: 0.3, people: 10 }))
    expect(zone.changes).toEqual([])
    zone.run(MINUTE_MS, () => ({ cores: 0.3, people: 10 }))
    expect(zone.changes).toEqual(['down'])
  })

  test('sockets alone keep a zone from being calm, and so does CPU', () => {
    expect(new Zone(3).run(10 * MINUTE_MS, () => ({ cores: 0, people: 90 })).changes).toEqual([])
    expect(new Zone(3).run(10 * MINUTE_MS, () => ({ cores: 0.9, people: 0 })).changes).toEqual([])
  })

  test('the least loaded of those that can be drained is', () => {
    const loads = [
      { node: 'own', connections: 0 },
      { node: 'a', connections: 5 },
      { node: 'b', connections: 2 },
      { node: 'c', connections: 9 },
    ]
    const reports = loads.map((load) => ({ ...load, zone: 'z', url: '', capacity: 100, cpu: 0 }))
    let memory: ZoneMemory | null = null
    let step: ScalingStep = { change: 'none' }
    for (let at = 0; step.change === 'none' && at < 10 * MINUTE_MS; at += LOOK_MS) {
      ;({ memory, step } = decideScaling(memory, { at, reports, endable: ['a', 'b', 'c'], silent: 0 }, SCALING))
    }
    expect(step).toEqual({ change: 'down', node: 'b' })
  })

  test('a node that does not come is waited for, and not for ever', () => {
    const zone = new Zone(1)
    zone.startsMs = Infinity
    zone.run(SCALING.stepMsMax, () => ({ cores: 1, people: 0 }))
    expect(zone.changes).toEqual(['up'])
    zone.run(MINUTE_MS, () => ({ cores: 1, people: 0 }))
    expect(zone.changes).toEqual(['up', 'up'])
  })

  test('a step that failed is tried again after a rest', () => {
    const zone = new Zone(1)
    zone.startsMs = Infinity
    zone.run(SCALING.smoothMs + LOOK_MS, () => ({ cores: 1, people: 0 }))
    expect(zone.memory).not.toBeNull()
    if (zone.memory !== null) zone.memory = stepFailed(zone.memory, zone.at, zone.rule)
    zone.run(SCALING.coolDownMs - LOOK_MS, () => ({ cores: 1, people: 0 }))
    expect(zone.changes).toEqual(['up'])
    zone.run(2 * LOOK_MS, () => ({ cores: 1, people: 0 }))
    expect(zone.changes).toEqual(['up', 'up'])
  })

  test('a zone with fewer nodes than it must have gets one, load or not', () => {
    const zone = new Zone(1, { nodesMin: 3 }).run(5 * MINUTE_MS, () => ({ cores: 0, people: 0 }))
    expect(zone.changes).toEqual(['up', 'up'])
    expect(zone.steps[0]?.step).toEqual({ change: 'up', because: 'too few' })
  })

  test('without figures of the CPU the sockets decide', () => {
    const zone = new Zone(2)
    zone.tellsCpu = false
    zone.run(10 * MINUTE_MS, () => ({ cores: 9, people: 20 }))
    expect(zone.changes).toEqual(['down'])
  })
})

describe('the scaling rule, whatever the load', () => {
  const loads = fc.record({ cores: fc.double({ min: 0, max: 8, noNaN: true }), people: fc.nat({ max: 800 }) })
  const bounds = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 4 })).map(([nodesMin, more]) => ({
    nodesMin,
    nodesMax: nodesMin + more,
  }))

  test('there are never more nodes than the most, and none is drained below the least', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.integer({ min: 0, max: 7 }),
        fc.array(loads, { minLength: 2, maxLength: 6 }),
        (rule, start, phases) => {
          const zone = new Zone(start, rule)
          let most = Math.max(start, rule.nodesMax)
          for (const phase of phases) {
            for (let left = 7 * MINUTE_MS; left > 0; left -= LOOK_MS, zone.at += LOOK_MS) {
              const before = zone.nodes.length
              const step = zone.look(phase)
              if (step.change === 'down') expect(before).toBeGreaterThan(rule.nodesMin)
              expect(zone.nodes.length).toBeLessThanOrEqual(most)
              most = Math.max(rule.nodesMax, zone.nodes.length)
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('under a load that stays, it comes to rest and never turns round', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 7 }), loads, (rule, start, load) => {
        const zone = new Zone(start, rule).run(60 * MINUTE_MS, () => load)
        expect(new Set(zone.changes).size).toBeLessThanOrEqual(1)
        const soFar = zone.steps.length
        expect(zone.run(20 * MINUTE_MS, () => load).steps).toHaveLength(soFar)
      }),
      { numRuns: 40 },
    )
  })

  test('between two steps there is a rest', () => {
    fc.assert(
      fc.property(fc.array(loads, { minLength: 3, maxLength: 8 }), (phases) => {
        const zone = new Zone(2)
        for (const phase of phases) zone.run(3 * MINUTE_MS, () => phase)
        for (const [at, step] of zone.steps.entries()) {
          const before = zone.steps[at - 1]?.at ?? -Infinity
          expect(step.at - before).toBeGreaterThanOrEqual(SCALING.coolDownMs)
        }
      }),
      { numRuns: 40 },
    )
  })
})
