import { chance } from './chance.ts'
import type { Act, Shape } from './plan.ts'

/** Someone who vanished, or a node that ended, is back after so long, if not sooner; nobody stays away over the end of the faults. */
const BACK_MS_MAX = 12_000

/**
 * Nodes are started again and people return, sooner or later. Whatever is left the world mends by itself when it must be calm, so that a
 * plan that is cut down ends well too.
 */
export function mendingOf(seed: number, shape: Shape, faults: readonly Act[]): Act[] {
  const luck = chance(seed, 'mending')
  const acts: Act[] = []
  const back = (at: number) => Math.min(shape.calmAtMs, at + luck.whole(10, luck.pick([300, 3_000, BACK_MS_MAX])))
  for (const fault of faults) {
    switch (fault.do) {
      case 'vanish':
        acts.push({ at: back(fault.at), do: 'return', person: fault.person })
        break
      // A lone crash has its node back late, so that what follows is the others' doing.
      case 'crash':
      case 'crash-at-call':
      case 'drain':
        acts.push({
          at: faults.length === 1 ? shape.calmAtMs : back(fault.at + 1_000),
          do: 'restart',
          node: fault.node,
        })
        break
      default:
    }
  }
  return acts
}
