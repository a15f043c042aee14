import { expect, test } from 'vitest'
import { Pool } from './cli/pool.ts'
import { planOf } from './generate.ts'
import { run } from './world.ts'

/** As many as fit into a test run; a thousand are run by `npm run sim`. */
const SEEDS = Array.from({ length: 12 }, (_, at) => at + 1)
/** Of each a seed that finds it soon, to see that the simulator still can. */
const QUICK_PLANTS = ['ack-before-durable', 'only-entries-to-all', 'outbox-stuck-at-reconnect']
const TRIES = 40
const LONG_MS = 60_000

test(
  '[R1] [R2] [R3] [R4] [R5] [R6] [R10] [R11] [R12] a cluster under faults keeps every promise',
  { timeout: LONG_MS },
  async () => {
    for (const seed of SEEDS) {
      const { violations } = await run(planOf(seed), {})
      expect(violations, `seed ${seed}`).toEqual([])
    }
  },
)

test('the same seed gives the same run, whatever ran before it', { timeout: LONG_MS }, async () => {
  const seeds = [3, 5, 8]
  const once = new Map<number, string>()
  for (const seed of seeds) once.set(seed, (await run(planOf(seed), {})).hash)
  for (const seed of seeds.toReversed()) {
    const again = await run(planOf(seed), { trace: true })
    expect(again.hash, `seed ${seed}`).toBe(once.get(seed))
    expect(again.trace.length).toBeGreaterThan(again.steps / 2)
  }
  expect(new Set(once.values()).size).toBe(seeds.length)
})

test.each(QUICK_PLANTS)('the planted bug %s is found', { timeout: LONG_MS }, async (name) => {
  const pool = new Pool(1, name)
  try {
    for (let seed = 1; seed <= TRIES; seed++) {
      if ((await pool.run({ seed, trace: false })).violations.length > 0) return
    }
    expect.fail(`${TRIES} seeds did not find it.`)
  } finally {
    pool.close()
  }
})
