import { expect, test } from 'vitest'
import { chance } from './chance.ts'
import { faultsOf } from './generate-faults.ts'
import { mendingOf } from './generate-mending.ts'
import { inOrder, planOf } from './generate.ts'
import type { Act, Plan } from './plan.ts'
import { WritingChecker, writing, type Stroke } from './writing.ts'
import { run } from './world.ts'

const PEOPLE = 5
const STROKES = 150
const SEEDS = Array.from({ length: 8 }, (_, at) => at + 1)
const LONG_MS = 120_000

/** Five people write one document through whatever befalls a cluster under this seed. */
function planOfWriting(seed: number): Plan {
  const plan = planOf(seed)
  const shape = { ...plan.shape, people: PEOPLE, rooms: 1 }
  const { whole, happens } = chance(seed, 'strokes')
  const strokes = Array.from({ length: STROKES }, (_, number): Act => {
    const body: Stroke = { place: whole(0, 400), words: `<${number}>`, cut: happens(0.3) ? whole(1, 8) : 0 }
    const at = whole(500, shape.calmAtMs + 2_000)
    return { at, do: 'say', person: whole(0, PEOPLE - 1), room: 0, type: 'type', body: { ...body } }
  })
  // Who is put out of the event cannot converge with it.
  const faults = faultsOf(seed, shape).filter((act) => act.do !== 'kick')
  return { seed, shape, acts: inOrder([...strokes, ...faults, ...mendingOf(seed, shape, faults)]) }
}

test(
  '[R1] [R5] [R10] [R12] five who write one document under faults end with the same, which is the log’s, and nothing typed is lost',
  { timeout: LONG_MS },
  async () => {
    for (const seed of SEEDS) {
      const checker = new WritingChecker()
      const { violations } = await run(planOfWriting(seed), { play: writing(), onlooker: checker })
      expect(violations, `seed ${seed}`).toEqual([])
      expect(checker.strokes, `seed ${seed}`).toBeGreaterThan(100)
    }
  },
)
