import { planOf } from '../generate.ts'
import { shrink } from '../shrink.ts'
import { ENDLESS, Pool } from './pool.ts'
import { concerning, type Found } from './report.ts'
import type { Ran } from './task.ts'

export interface SeedsOptions {
  from: number
  seeds: number
  jobs: number
  /** Begins no other seed once it is aborted. */
  signal: AbortSignal
  progress(line: string): void
}

export interface SeedsRun {
  /** How many were run to their end. */
  seeds: number
  steps: number
  simulatedMs: number
  violations: Found[]
}

/** So many violations are made smaller; the others are told as they are. */
const SHRUNK_MAX = 5
const SHRINK_RUNS_MAX = 400
const PROGRESS_MS = 5_000

/** Runs seeds, as many at a time as there are jobs, and makes small what it finds. */
export async function runSeeds({ from, seeds, jobs, signal, progress }: SeedsOptions): Promise<SeedsRun> {
  const pool = new Pool(jobs, null)
  const result: SeedsRun = { seeds: 0, steps: 0, simulatedMs: 0, violations: [] }
  const stop = () => pool.close()
  signal.addEventListener('abort', stop)
  const ticking = setInterval(() => {
    progress(`${result.seeds} of ${seeds} seeds, ${result.violations.length} with violations`)
  }, PROGRESS_MS)
  try {
    let next = from
    const one = async () => {
      while (next < from + seeds && !signal.aborted) {
        const seed = next++
        const ran = await pool.run({ seed, trace: false })
        result.seeds++
        result.steps += ran.steps
        result.simulatedMs += ran.simulatedMs
        const found = asFound(seed, ran)
        if (found === null) continue
        progress(`seed ${seed}: ${found.promise}: ${found.text}`)
        result.violations.push(found)
      }
    }
    await settled(Array.from({ length: jobs }, one), signal)
    result.violations.sort((a, b) => a.seed - b.seed)
    for (const [index, found] of result.violations.slice(0, SHRUNK_MAX).entries()) {
      if (signal.aborted) break
      // Each try would take as long again.
      if (found.promise === ENDLESS) continue
      progress(`making seed ${found.seed} small`)
      await settled([smaller(found, pool, signal).then((small) => void (result.violations[index] = small))], signal)
    }
  } finally {
    clearInterval(ticking)
    signal.removeEventListener('abort', stop)
    pool.close()
  }
  return result
}

/** What a run broke first; null when it held. */
export function asFound(seed: number, { violations, hash }: Ran): Found | null {
  const [first] = violations
  if (first === undefined) return null
  return {
    ...first,
    seed,
    hash,
    all: violations.map(({ promise, text }) => `${promise}: ${text}`),
    plan: null,
    trace: [],
  }
}

/** The same, with the smallest plan that does it and the end of that one's trace. */
export async function smaller(
  found: Found,
  pool: Pool,
  signal: AbortSignal,
  plan = planOf(found.seed),
): Promise<Found> {
  const small = await shrink(plan, found, {
    attempt: async (attempted) =>
      (await pool.run({ seed: found.seed, plan: attempted, trace: false })).violations[0] ?? null,
    runsMax: SHRINK_RUNS_MAX,
    signal,
  })
  const ran = await pool.run({ seed: found.seed, plan: small.plan, trace: true })
  const { violation } = small
  return { ...found, ...violation, hash: ran.hash, plan: small.plan, trace: concerning(ran.trace, violation) }
}

/** Waits for all; what failed because of the interruption is no failure. */
export async function settled(running: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  const outcomes = await Promise.allSettled(running)
  if (signal.aborted) return
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
