import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Leadership } from '../placement/leadership.ts'
import type { Registry } from '../registry/registry.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Provisioner } from './provisioner.ts'
import { decideScaling, SCALING, stepFailed } from './scaling-rule.ts'
import type { ScalingRule, ScalingStep, ZoneMemory } from './scaling-rule.ts'

export interface AutoscalerOptions {
  registry: Registry
  /** Closed by the autoscaler when it ends. */
  provisioner: Provisioner
  leader: Leadership
  runtime: Runtime
  logger: Logger
  metrics: Metrics
  /** Looked after even while no gateway reports from it; others are as soon as one does. */
  zone: string
  /** What differs from `SCALING`. */
  rule?: Partial<ScalingRule>
}

/** An autoscaler at work. */
export interface Autoscaler {
  /** Ends it and its provisioner, with the nodes in that one's care; resolves once no step is under way. */
  close(): Promise<void>
}

/** Between two looks at what the nodes report. */
const LOOK_MS = 2_000

/** Starts and drains nodes, zone by zone, so that there are as many as the load asks for. Only the leader's does anything. */
export function startAutoscaler(options: AutoscalerOptions): Autoscaler {
  const { registry, provisioner, leader, runtime, logger, metrics } = options
  const rule = { ...SCALING, ...options.rule }
  const memories = new Map<string, ZoneMemory>()
  const underWay = new Set<Promise<void>>()
  /** Zones in which a step is under way. */
  const acting = new Set<string>()
  let closed = false
  let looking = false

  async function look(): Promise<void> {
    const [reports, provisioned] = await Promise.all([registry.list(), provisioner.list()])
    if (closed || !leader.leading()) return
    const byZone = Map.groupBy(reports, (report) => report.zone)
    for (const zone of memories.keys()) if (zone !== options.zone && !byZone.has(zone)) memories.delete(zone)
    for (const zone of new Set([options.zone, ...byZone.keys()])) {
      if (acting.has(zone)) continue
      const there = byZone.get(zone) ?? []
      const reporting = new Set(there.map(({ node }) => node))
      const lasting = provisioned.filter((each) => each.zone === zone && each.state !== 'ending')
      const { memory, step } = decideScaling(
        memories.get(zone) ?? null,
        {
          at: runtime.monotonic(),
          reports: there,
          endable: lasting.map(({ node }) => node),
          silent: lasting.filter(({ node }) => !reporting.has(node)).length,
        },
        rule,
      )
      memories.set(zone, memory)
      if (step.change !== 'none') start(take(zone, step, memory))
    }
  }

  async function take(zone: string, step: Exclude<ScalingStep, { change: 'none' }>, memory: ZoneMemory): Promise<void> {
    const { cpu, connections } = memory.figures
    const facts = { zone, ...step, cpu, connections }
    let outcome = 'ok'
    acting.add(zone)
    try {
      logger.info(facts, step.change === 'up' ? 'the zone gets another node' : 'the zone gives a node back')
      await (step.change === 'up' ? provisioner.up(zone) : provisioner.down(step.node))
    } catch (error) {
      outcome = 'failed'
      logger.error({ err: error, ...facts }, 'scaling has failed; it is tried again later')
      const latest = memories.get(zone)
      if (latest !== undefined) memories.set(zone, stepFailed(latest, runtime.monotonic(), rule))
    }
    acting.delete(zone)
    metrics.count('scalings_total', 1, { direction: step.change, outcome })
  }

  function start(work: Promise<void>): void {
    const ended = work.finally(() => underWay.delete(ended))
    underWay.add(ended)
  }

  const timer = runtime.every(LOOK_MS, () => {
    if (!leader.leading()) {
      // Another leads meanwhile: what was seen before says nothing when this one leads again.
      memories.clear()
    } else if (!looking) {
      looking = true
      const ended = look()
        .catch((error: unknown) => logger.warn({ err: error }, 'the load of the nodes could not be looked at'))
        .finally(() => (looking = false))
      start(ended)
    }
  })

  return {
    async close() {
      closed = true
      timer.cancel()
      await provisioner.close()
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
