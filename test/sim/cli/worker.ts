import { PLANTS } from '../plants.ts'
import { plantInto } from '../plant-loader.ts'
import type { Ran, Task } from './task.ts'

/**
 * A process that runs what its parent sends it, one after the other. Its argument is the name of a planted bug, which is put in before
 * anything of the product is loaded.
 */
const name = process.argv[2]
const planted = name === undefined ? null : PLANTS.find((plant) => plant.name === name)
if (planted === undefined) throw new Error(`There is no planted bug ${name}.`)
const plantedFile = planted === null ? null : plantInto(planted)

const { planOf } = await import('../generate.ts')
const { run } = await import('../world.ts')
if (plantedFile !== null && !plantedFile.applied()) {
  throw new Error(
    `${planted?.file} was never loaded: the planted bug ${planted?.name} is in no part of the simulated world.`,
  )
}

process.on('message', (task: Task) => void answer(task))
// The parent is gone: nobody waits for an answer.
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

async function answer({ seed, plan = planOf(seed), trace }: Task): Promise<void> {
  const outcome = await run(plan, { trace })
  const { steps, tookMs: simulatedMs, hash, violations, figures } = outcome
  process.send?.({ steps, simulatedMs, hash, violations, trace: trace ? outcome.trace : [], figures } satisfies Ran)
}
