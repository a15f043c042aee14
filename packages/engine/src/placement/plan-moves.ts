/** A shard as the balancer sees it. */
export interface PlannedShard {
  shard: number
  /** The node that has it, or is about to. */
  owner: string
  /** Points a second. */
  cost: number
  /** It has just moved or is about to; it counts, and stays. */
  resting?: boolean
}

export interface BalanceQuestion {
  nodes: readonly { id: string; draining: boolean }[]
  shards: readonly PlannedShard[]
  movesMax: number
}

export interface Move {
  shard: number
  from: string
  to: string
}

/** A node this far from even, as a part of the mean, is worth moves; */
export const UNEVEN = 0.2
/** once they are made, they go on to this, so that small changes afterwards are worth none. */
export const EVEN = 0.1
/** A move that closes a gap almost to its full width would only turn it round; one that hardly closes it is not worth its pause. */
const GAP_PART_MAX = 0.9
const GAP_PART_MIN = 0.02
/** A single move that misses half the gap by no more than this part of it is good enough. */
const GOOD_MISS = 0.125

interface Load {
  id: string
  sum: number
  shards: PlannedShard[]
}

/**
 * The few moves that most even out the nodes; none while all are near enough. Each move or exchange makes the sum of squared loads
 * smaller, so that with the same costs no placement ever comes back, and it ends. Draining nodes hand over by themselves: they get
 * nothing, and what they still have does not count.
 */
export function planMoves({ nodes, shards, movesMax }: BalanceQuestion): Move[] {
  const loads = new Map<string, Load>()
  for (const { id, draining } of nodes) if (!draining) loads.set(id, { id, sum: 0, shards: [] })
  for (const each of shards) {
    const load = loads.get(each.owner)
    load?.shards.push(each)
    if (load !== undefined) load.sum += each.cost
  }
  const all = [...loads.values()]
  const mean = all.reduce((sum, load) => sum + load.sum, 0) / all.length
  const unevenness = () => Math.max(...all.map((load) => Math.abs(load.sum - mean))) / mean
  const moves: Move[] = []
  if (all.length < 2 || mean === 0 || unevenness() <= UNEVEN) return moves
  while (moves.length < movesMax && unevenness() > EVEN) {
    const step = bestStep(all, movesMax - moves.length)
    if (step.length === 0) break
    for (const { shard, from, to } of step) {
      carry(shard, from, to)
      moves.push({ shard: shard.shard, from: from.id, to: to.id })
    }
  }
  return moves
}

interface Carry {
  shard: PlannedShard
  from: Load
  to: Load
}

function carry(shard: PlannedShard, from: Load, to: Load): void {
  from.shards.splice(from.shards.indexOf(shard), 1)
  from.sum -= shard.cost
  // It moves once in a plan.
  to.shards.push({ ...shard, resting: true })
  to.sum += shard.cost
}

/** From the fullest to the emptiest it can, then from whatever is fuller to the emptiest. */
function bestStep(loads: readonly Load[], movesLeft: number): Carry[] {
  const byLoad = loads.toSorted((a, b) => b.sum - a.sum || (a.id < b.id ? -1 : 1))
  const [fullest] = byLoad
  const emptiest = byLoad.at(-1)
  if (fullest === undefined || emptiest === undefined) return []
  const pairs = [
    ...byLoad
      .slice(1)
      .toReversed()
      .map((to) => [fullest, to] as const),
    ...byLoad.slice(1, -1).map((from) => [from, emptiest] as const),
  ]
  for (const [from, to] of pairs) {
    const step = stepBetween(from, to, movesLeft)
    if (step !== null) return step
  }
  return []
}

/** One shard, or an exchange of two where that halves the gap much better. */
function stepBetween(from: Load, to: Load, movesLeft: number): Carry[] | null {
  const gap = from.sum - to.sum
  const one = shift(from, to, gap)
  if (movesLeft < 2 || (one !== null && one.miss <= gap * GOOD_MISS)) return one?.carries ?? null
  const two = exchange(from, to, gap)
  return (one === null || (two !== null && two.miss < one.miss) ? two : one)?.carries ?? null
}

interface Step {
  carries: Carry[]
  /** How far from half the gap it is. */
  miss: number
}

function shift(from: Load, to: Load, gap: number): Step | null {
  const movable = from.shards.filter((each) => each.resting !== true)
  const best = nearest(movable, (each) => each.cost, gap)
  return best === null ? null : { carries: [{ shard: best.choice, from, to }], miss: best.miss }
}

function exchange(from: Load, to: Load, gap: number): Step | null {
  const back = to.shards.filter((each) => each.resting !== true)
  const pairs = from.shards
    .filter((each) => each.resting !== true)
    .flatMap((there) => back.map((returned) => ({ there, returned })))
  const best = nearest(pairs, ({ there, returned }) => there.cost - returned.cost, gap)
  if (best === null) return null
  const { there, returned } = best.choice
  const carries = [
    { shard: there, from, to },
    { shard: returned, from: to, to: from },
  ]
  return { carries, miss: best.miss }
}

function nearest<T>(
  choices: readonly T[],
  weightOf: (choice: T) => number,
  gap: number,
): { choice: T; miss: number } | null {
  let best: { choice: T; miss: number } | null = null
  for (const choice of choices) {
    const weight = weightOf(choice)
    if (weight < gap * GAP_PART_MIN || weight > gap * GAP_PART_MAX || weight <= 0) continue
    const miss = Math.abs(weight - gap / 2)
    if (best === null || miss < best.miss) best = { choice, miss }
  }
  return best
}
