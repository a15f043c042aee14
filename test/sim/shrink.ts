import type { Violation } from './happening.ts'
import type { Act, Plan, Shape } from './plan.ts'

export interface Shrunk {
  plan: Plan
  violation: Violation
  /** How many runs that took. */
  runs: number
}

export interface ShrinkOptions {
  /** Runs a plan; the first violation, or null. */
  attempt(plan: Plan): Promise<Violation | null>
  runsMax: number
  signal?: AbortSignal
}

/** Simulated time that a plan keeps behind its violation. */
const AFTER_MS = 1
/** And between its last fault and the mending. */
const CALM_AFTER_MS = 1_000

/**
 * The smallest plan it can find that breaks the same promise: fewer acts (delta debugging after A. Zeller and R. Hildebrandt, "Simplifying
 * and Isolating Failure-Inducing Input", 2002), fewer people, rooms, nodes and shards, limits as they are in the product, and no more
 * time than it takes. The seed stays, so that all chance but the plan's is drawn from the same streams.
 */
export async function shrink(plan: Plan, violation: Violation, options: ShrinkOptions): Promise<Shrunk> {
  let best = plan
  let found = violation
  let runs = 0
  const spent = () => runs >= options.runsMax || options.signal?.aborted === true

  /** Whether this smaller plan breaks it too; then it is the best so far. */
  const holds = async (smaller: Plan): Promise<boolean> => {
    if (spent()) return false
    runs++
    const now = await options.attempt(smaller)
    if (now?.promise !== violation.promise) return false
    best = smaller
    found = now
    return true
  }

  const cutShort = () => {
    if (found.atEnd === true) return Promise.resolve(false)
    const durationMs = Math.ceil(found.at) + AFTER_MS
    if (durationMs >= best.shape.durationMs) return Promise.resolve(false)
    const shape = { ...best.shape, durationMs, calmAtMs: Math.min(best.shape.calmAtMs, durationMs) }
    return holds({ ...best, shape, acts: best.acts.filter(({ at }) => at <= durationMs), cut: true })
  }

  await cutShort()
  let before: number
  do {
    before = sizeOf(best)
    await fewerActs()
    for (const smaller of smallerShapes) while (smaller(best) !== null && (await holds(smaller(best) ?? best)));
    await cutShort()
  } while (sizeOf(best) < before && !spent())
  return { plan: best, violation: found, runs }

  async function fewerActs(): Promise<void> {
    for (let parts = 2; best.acts.length > 0 && !spent();) {
      const length = Math.ceil(best.acts.length / parts)
      let dropped = false
      // From the end: what came last mattered least, as a rule.
      for (let from = Math.floor((best.acts.length - 1) / length) * length; from >= 0 && !spent(); from -= length) {
        const acts = best.acts.filter((_, index) => index < from || index >= from + length)
        if (await holds({ ...best, acts })) dropped = true
      }
      if (length === 1 && !dropped) return
      if (!dropped) parts = Math.min(parts * 2, Math.max(2, best.acts.length))
    }
  }
}

function sizeOf({ acts, shape }: Plan): number {
  return (
    acts.length * 100 + shape.people + shape.rooms + shape.nodes + shape.shards + shape.zones + shape.durationMs / 1e9
  )
}

/** Ways to make a world smaller; null where it cannot be any more. */
const smallerShapes: readonly ((plan: Plan) => Plan | null)[] = [
  soonerCalm,
  (plan) => fewer(plan, 'people', (act, people) => !('person' in act) || act.person < people),
  (plan) => fewer(plan, 'rooms', (act, rooms) => !('room' in act) || act.room < rooms),
  (plan) => fewer(plan, 'nodes', (act, nodes) => nodesOf(act).every((node) => node < nodes)),
  (plan) => fewer(plan, 'shards', (act, shards) => !('shard' in act) || act.shard < shards),
  (plan) => fewer(plan, 'zones', (act, zones) => !('zone' in act) || act.zone < zones),
]

function fewer(
  plan: Plan,
  what: 'people' | 'rooms' | 'nodes' | 'shards' | 'zones',
  keeps: (act: Act, count: number) => boolean,
): Plan | null {
  const count = plan.shape[what] - 1
  if (count < 1) return null
  const shape: Shape = { ...plan.shape, [what]: count }
  return { ...plan, shape, acts: plan.acts.filter((act) => keeps(act, count)) }
}

/** Mended right after the last fault; who says something later says it as much sooner. */
function soonerCalm(plan: Plan): Plan | null {
  const { shape, acts } = plan
  const lastMs = Math.max(0, ...acts.filter(({ at }) => at < shape.calmAtMs).map(endOf))
  const sooner = Math.ceil(shape.calmAtMs - lastMs - CALM_AFTER_MS)
  if (sooner <= 0) return null
  const moved = acts.map((act) => (act.at < shape.calmAtMs ? act : { ...act, at: act.at - sooner }))
  const calmAtMs = shape.calmAtMs - sooner
  return { ...plan, shape: { ...shape, calmAtMs, durationMs: shape.durationMs - sooner }, acts: moved }
}

function endOf(act: Act): number {
  return act.at + ('forMs' in act ? act.forMs : 0)
}

function nodesOf(act: Act): number[] {
  return [...('node' in act ? [act.node] : []), ...('a' in act ? [act.a, act.b] : []), ...('to' in act ? [act.to] : [])]
}
