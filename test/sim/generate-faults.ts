import { chance, type Chance } from './chance.ts'
import { FAULTS, type Act, type Doing, type Shape } from './plan.ts'

type Fault = (typeof FAULTS)[number]

/** The first moments are calm, so that everyone is there when it begins. */
const BEGIN_MS = 2_000
/** Wall clocks are set by up to this. */
const WALL_JUMP_MS = 10 * 60_000
/** Quartz is good to 100 millionths; twice that. */
const DRIFT_PPM = 200
/** An owner that is alone in dying must be followed within the lease's time to live and 2 s; and this is what comes before and after. */
const ALONE_MS = 3_000
const FOLLOWED_MS = 12_000
const LATE_ROUND_MS = 9_000

/**
 * What goes wrong, and when. Each seed has some kinds of faults only, each as often as it likes: what happens together with
 * everything else is found by one seed, what takes one fault many times over, or a world that is otherwise well, by another.
 */
export function faultsOf(seed: number, shape: Shape): Act[] {
  const luck = chance(seed, 'faults')
  const possible = FAULTS.filter((fault) => shape.nodes > 1 || (fault !== 'partition' && fault !== 'move'))
  const scene = luck.weighted([
    [5, 'none'],
    [12, 'lone crash'],
    [6, 'storm'],
    [6, 'late answers'],
    [16, 'one kind'],
    [55, 'some kinds'],
  ])
  if (scene === 'none') return []
  if (scene === 'lone crash' && shape.calmAtMs > BEGIN_MS + ALONE_MS + FOLLOWED_MS && shape.nodes > 1) {
    const at = luck.whole(BEGIN_MS + ALONE_MS, shape.calmAtMs - FOLLOWED_MS)
    return [{ at, do: 'crash', node: luck.whole(0, shape.nodes - 1) }]
  }
  if (scene === 'storm') return stormOf(luck, shape)
  if (scene === 'late answers' && shape.nodes > 1) return lateAnswersOf(luck, shape)
  const share = scene === 'some kinds' ? luck.pick([0.15, 0.3, 0.5, 0.8]) : 0
  const only = luck.pick(possible)
  const kinds = possible.filter((fault) => (scene === 'some kinds' ? luck.happens(share) : fault === only))
  // More of one kind when there are few: a run is as full as a person can follow, whichever it is.
  const perKind = kinds.length <= 2 ? luck.whole(1, 10) : luck.whole(1, 4)
  return kinds.flatMap((fault) =>
    Array.from({ length: luck.whole(1, perKind) }, (): Act => {
      const at = luck.whole(BEGIN_MS, shape.calmAtMs - 500)
      return { at, ...faultAt(fault, luck, shape, shape.calmAtMs - at) }
    }),
  )
}

/** All the time messages come twice and late while the log takes its time: what is asked again meets what is still being written. */
function stormOf({ pick }: Chance, { calmAtMs }: Shape): Act[] {
  const forMs = calmAtMs - BEGIN_MS
  const lateMs = pick([20, 100, 300])
  return [
    { at: BEGIN_MS, do: 'bus-weather', lose: 0.02, double: 0.4, late: 0.4, lateMs, forMs },
    { at: BEGIN_MS, do: 'log-slow', upToMs: lateMs, forMs },
  ]
}

/** Leases run out while the log takes its time: an answer from before the end of a lease comes after it, and after the successor's fence. */
function lateAnswersOf({ whole }: Chance, { calmAtMs, nodes }: Shape): Act[] {
  const acts: Act[] = []
  for (let at = BEGIN_MS; at < calmAtMs - LATE_ROUND_MS; at += LATE_ROUND_MS) {
    acts.push({ at, do: 'lease-lost', node: whole(0, nodes - 1) })
    acts.push({ at: at + whole(2_000, 3_500), do: 'log-slow', upToMs: 4_000, forMs: 4_000 })
  }
  return acts
}

/** `leftMs`: until it must be over. */
function faultAt(fault: Fault, luck: Chance, shape: Shape, leftMs: number): Doing {
  const { whole, pick, happens } = luck
  const node = whole(0, shape.nodes - 1)
  const person = whole(0, shape.people - 1)
  // Mostly short; some outlast the lease, an answer's time and a command's time.
  const forMs = Math.min(leftMs, pick([whole(50, 800), whole(800, 4_000), whole(4_000, 16_000)]))
  switch (fault) {
    case 'hang-up':
      return { do: fault, person, silentMs: pick([0, whole(0, 500), whole(500, 5_000)]) }
    case 'stall':
      return { do: fault, person, forMs }
    case 'vanish':
    case 'crash':
    case 'drain':
    case 'lease-lost':
      return fault === 'vanish' ? { do: fault, person } : { do: fault, node }
    case 'crash-at-call':
      return { do: fault, node, call: whole(1, 60) }
    case 'pause':
      return { do: fault, node, forMs }
    case 'wall-jump':
      return { do: fault, node, byMs: whole(-WALL_JUMP_MS, WALL_JUMP_MS) }
    case 'drift':
      return { do: fault, node, ppm: whole(-DRIFT_PPM, DRIFT_PPM) }
    case 'bus-weather': {
      const much = () => (happens(0.6) ? pick([0.02, 0.1, 0.4]) : 0)
      return { do: fault, lose: much(), double: much(), late: much(), lateMs: pick([20, 300, 3_000]), forMs }
    }
    case 'partition':
      return { do: fault, a: node, b: (node + whole(1, shape.nodes - 1)) % shape.nodes, forMs }
    case 'cut-off':
      return { do: fault, node, from: pick(['bus', 'log', 'leases']), forMs }
    case 'move': {
      const zone = node % shape.zones
      return { do: fault, zone, shard: whole(0, shape.shards - 1), to: node }
    }
    case 'log-away':
      return { do: fault, forMs }
    case 'log-slow':
      return { do: fault, upToMs: pick([5, 50, 1_500]), forMs }
    case 'append-unknown':
      return { do: fault, node, lands: pick(['never', 'at-once', 'late']), lateMs: pick([10, 400, 6_000]) }
  }
}
