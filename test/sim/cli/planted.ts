import type { Plant } from '../plants.ts'
import { Pool } from './pool.ts'
import type { PlantReport } from './report.ts'
import { settled, type SeedsOptions } from './seeds.ts'

/**
 * Puts a bug in and runs seeds until one finds it. Found is what fails with the bug and holds without it, so that nothing else that may be
 * wrong is taken for it.
 */
export async function findPlant(plant: Plant, options: SeedsOptions): Promise<Omit<PlantReport, 'commit'>> {
  const { from, seeds, jobs, signal } = options
  const startedAt = performance.now()
  const planted = new Pool(jobs, plant.name)
  const clean = new Pool(1, null)
  const close = () => {
    planted.close()
    clean.close()
  }
  signal.addEventListener('abort', close)
  let next = from
  let ran = 0
  const finds: { seed: number; found: string }[] = []
  const one = async () => {
    // Seeds are given out in their order, so all below the first that finds it have been tried.
    while (next < from + seeds && finds.length === 0 && !signal.aborted) {
      const seed = next++
      const { violations } = await planted.run({ seed, trace: false })
      ran++
      const [violation] = violations
      if (violation === undefined) continue
      if ((await clean.run({ seed, trace: false })).violations.length > 0) continue
      finds.push({ seed, found: `${violation.promise}: ${violation.text}` })
    }
  }
  let failure: string | null = null
  try {
    await settled(Array.from({ length: jobs }, one), signal)
  } catch (error) {
    // One that no longer fits is told, and the others are looked for all the same.
    failure = error instanceof Error ? error.message : String(error)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
  const [first] = finds.toSorted((a, b) => a.seed - b.seed)
  const { seed, found } = first ?? { seed: null, found: failure }
  const { name, promise } = plant
  return {
    plant: name,
    promise,
    seed,
    found,
    seeds: ran,
    tookMs: Math.round(performance.now() - startedAt),
    pass: seed !== null,
  }
}
