import type { GatewayReport } from '../registry/registry.ts'

/** When a zone gets another node and when it gives one back. Shares are from 0 to 1, times in milliseconds. */
export interface ScalingRule {
  nodesMin: number
  nodesMax: number
  /** Mean share of a core above which one more is started. */
  cpuHigh: number
  /** Share of the zone's capacity for sockets above which one more is started. */
  connectionsHigh: number
  /** While both lie below this, the zone is calm. */
  low: number
  /** Figures are means over so long, and nothing is decided before they span it. */
  smoothMs: number
  /** How long a zone must have been calm before a node is drained. */
  calmMs: number
  /** After a step, before the next: what it leads to must show first. */
  coolDownMs: number
  /** How long a step may take to show: a new node to report, a drained one to be gone. */
  stepMsMax: number
}

/** What holds where an operator says nothing else. */
export const SCALING: ScalingRule = {
  nodesMin: 1,
  nodesMax: 4,
  cpuHigh: 0.6,
  connectionsHigh: 0.8,
  low: 0.25,
  smoothMs: 10_000,
  calmMs: 300_000,
  coolDownMs: 30_000,
  stepMsMax: 180_000,
}

/** What a zone looks like at one moment. */
export interface ZoneLook {
  /** Monotonic milliseconds. */
  at: number
  reports: readonly GatewayReport[]
  /** Nodes that could be drained. */
  endable: readonly string[]
  /** Nodes that have been started and do not report. */
  silent: number
}

interface Figures {
  /** Null while no node tells its CPU. */
  cpu: number | null
  connections: number
}

/** What is remembered of a zone between two looks; null before the first. */
export interface ZoneMemory {
  /** What each look within `smoothMs` has seen, and the means of that. */
  seen: readonly (Figures & { at: number })[]
  figures: Figures
  /** Since when the figures are of the nodes there are. */
  since: number
  /** Since when the zone has been calm, or has had fewer nodes than it must; null when it is not so. */
  calmSince: number | null
  shortSince: number | null
  /** Nothing is decided before. */
  quietUntil: number
  /** A step that does not show yet: a node that is none of these, or that one of these is gone. */
  awaited: { change: 'up'; known: readonly string[] } | { change: 'down'; node: string } | null
}

export type ScalingStep =
  | { change: 'none' }
  | { change: 'up'; because: 'cpu' | 'connections' | 'too few' }
  | { change: 'down'; node: string }

const NONE: ScalingStep = { change: 'none' }

/** The next step for a zone, and what to remember of it. At most one step at a time, each followed by a time to rest. */
export function decideScaling(
  memory: ZoneMemory | null,
  look: ZoneLook,
  rule: ScalingRule,
): { memory: ZoneMemory; step: ScalingStep } {
  const known = observe(memory, look, rule)
  const step = known.awaited !== null || look.at < known.quietUntil ? NONE : choose(known, look, rule)
  if (step.change === 'none') return { memory: known, step }
  const awaited =
    step.change === 'up' ? { change: step.change, known: look.reports.map(({ node }) => node) } : { ...step }
  const quietUntil = look.at + rule.stepMsMax
  return { memory: { ...known, awaited, quietUntil, calmSince: null, shortSince: null }, step }
}

/** What to remember of a zone when the step that was decided has failed: it rests as after one that worked. */
export function stepFailed(memory: ZoneMemory, at: number, rule: ScalingRule): ZoneMemory {
  return { ...memory, awaited: null, quietUntil: at + rule.coolDownMs }
}

function observe(memory: ZoneMemory | null, look: ZoneLook, rule: ScalingRule): ZoneMemory {
  const { at, reports } = look
  const now = { at, ...figuresOf(reports) }
  const before = memory ?? fresh(now)
  const { awaited, quietUntil } = before
  const shows = awaited !== null && hasShown(awaited, reports)
  const stale = awaited !== null && at >= quietUntil
  // The figures of other nodes say little of those there are now.
  const kept = shows ? fresh(now) : before
  const seen = [...kept.seen.filter((each) => each.at > at - rule.smoothMs), now]
  const figures = meanOf(seen)
  const calm = figures.connections < rule.low && (figures.cpu ?? 0) < rule.low
  const short = reports.length < rule.nodesMin
  return {
    seen,
    figures,
    since: kept.since,
    calmSince: calm ? (kept.calmSince ?? at) : null,
    shortSince: short ? (kept.shortSince ?? at) : null,
    quietUntil: shows ? at + rule.coolDownMs : quietUntil,
    awaited: shows || stale ? null : awaited,
  }
}

function choose({ figures, since, calmSince, shortSince }: ZoneMemory, look: ZoneLook, rule: ScalingRule): ScalingStep {
  const { at, reports, endable, silent } = look
  if (at - since < rule.smoothMs) return NONE
  if (reports.length + silent < rule.nodesMax) {
    if (shortSince !== null && at - shortSince >= rule.smoothMs) return { change: 'up', because: 'too few' }
    if ((figures.cpu ?? 0) > rule.cpuHigh) return { change: 'up', because: 'cpu' }
    if (figures.connections > rule.connectionsHigh) return { change: 'up', because: 'connections' }
  }
  if (calmSince === null || at - calmSince < rule.calmMs || reports.length <= rule.nodesMin) return NONE
  const share = ({ connections, capacity }: GatewayReport) => connections / Math.max(1, capacity)
  const least = reports
    .filter(({ node }) => endable.includes(node))
    .toSorted((a, b) => share(a) - share(b) || (a.cpu ?? 0) - (b.cpu ?? 0))[0]
  return least === undefined ? NONE : { change: 'down', node: least.node }
}

function hasShown(awaited: NonNullable<ZoneMemory['awaited']>, reports: readonly GatewayReport[]): boolean {
  if (awaited.change === 'up') return reports.some(({ node }) => !awaited.known.includes(node))
  return reports.every(({ node }) => node !== awaited.node)
}

const fresh = (now: Figures & { at: number }): ZoneMemory => ({
  seen: [],
  figures: now,
  since: now.at,
  calmSince: null,
  shortSince: null,
  quietUntil: 0,
  awaited: null,
})

function figuresOf(reports: readonly GatewayReport[]): Figures {
  const capacity = sum(reports.map((report) => report.capacity))
  return {
    cpu: mean(reports.map(({ cpu }) => cpu ?? null)),
    connections: capacity === 0 ? 0 : sum(reports.map((report) => report.connections)) / capacity,
  }
}

function meanOf(seen: readonly Figures[]): Figures {
  return { cpu: mean(seen.map(({ cpu }) => cpu)), connections: mean(seen.map(({ connections }) => connections)) ?? 0 }
}

/** Of those that are known; null when none is. */
function mean(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((each) => each !== null)
  return known.length === 0 ? null : sum(known) / known.length
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
