import { chance } from './chance.ts'
import { faultsOf } from './generate-faults.ts'
import { mendingOf } from './generate-mending.ts'
import { talkOf } from './generate-talk.ts'
import type { Act, Plan, Shape } from './plan.ts'

/** From the last mending on, so long for everyone to come back, catch up and settle: the SDK's longest back-off, twice, and a dial. */
const SETTLE_MS = 50_000

/** The plan of a seed: the same one on every machine. */
export function planOf(seed: number): Plan {
  const shape = shapeOf(seed)
  const faults = faultsOf(seed, shape)
  const acts = [...talkOf(seed, shape), ...faults, ...mendingOf(seed, shape, faults)]
  return { seed, shape, acts: inOrder(acts) }
}

/** By time; what is at the same moment stays in the order in which it was made. */
export function inOrder(acts: readonly Act[]): Act[] {
  return acts.toSorted((one, other) => one.at - other.at)
}

function shapeOf(seed: number): Shape {
  const { whole, weighted, happens, pick } = chance(seed, 'shape')
  const nodes = weighted([
    [1, 1],
    [3, 2],
    [5, 3],
    [1, 4],
  ])
  const calmAtMs = weighted([
    [4, whole(8_000, 20_000)],
    [3, whole(20_000, 40_000)],
    // Long enough for a room to be put away, and for a channel to be dropped, in the middle of it.
    [1, whole(80_000, 100_000)],
  ])
  const conflateBytes = happens(0.3) ? whole(500, 4_000) : 1024 * 1024
  return {
    nodes,
    zones: nodes >= 3 && happens(0.2) ? 2 : 1,
    shards: whole(1, 4),
    rooms: whole(1, 4),
    people: whole(2, 6),
    log: happens(0.5) ? 'fenced' : 'leased',
    limits: {
      dedupePerRoom: happens(0.5) ? pick([1, 2, 3, whole(4, 12)]) : 4_096,
      snapshotEntries: happens(0.5) ? whole(2, 30) : 1_000,
      ringBatches: happens(0.5) ? whole(1, 8) : 1_000,
      resumeEntries: happens(0.3) ? whole(3, 30) : 5_000,
      socketConflateBytes: conflateBytes,
      socketCloseBytes: conflateBytes * 8,
    },
    calmAtMs,
    durationMs: calmAtMs + SETTLE_MS,
  }
}
