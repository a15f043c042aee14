import { readFile } from 'node:fs/promises'
import type { Plan } from '../plan.ts'
import { parseArguments, USAGE, type SimArguments } from './arguments.ts'
import { commitNow } from './commit.ts'
import { findPlant } from './planted.ts'
import { Pool } from './pool.ts'
import { foundText, plantText, seedsText, type PlantReport, type SeedsReport } from './report.ts'
import { asFound, runSeeds, smaller } from './seeds.ts'

/** The whole of `npm run sim`. Answers the exit code: 0 when every promise held (every bug was found), 1 when not, 2 on bad arguments. */
export async function main(args: readonly string[]): Promise<number> {
  let asked: SimArguments
  try {
    asked = parseArguments(args)
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    process.stderr.write(`sim: ${line}\nusage: ${USAGE}\n`)
    return 2
  }
  const interrupted = new AbortController()
  const stop = () => interrupted.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  const timeUp = setTimeout(stop, asked.minutes * 60_000)
  try {
    if (asked.mode === 'replay') return await replay(asked, interrupted.signal)
    if (asked.mode === 'plants') return await plants(asked, interrupted.signal)
    return await seeds(asked, interrupted.signal)
  } finally {
    clearTimeout(timeUp)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

const progress = (line: string) => void process.stderr.write(`sim: ${line}\n`)

/** What is known is told, also when it was interrupted; it then passes only if nothing was left. */
async function seeds(asked: SimArguments, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  const ran = await runSeeds({ ...asked, signal, progress })
  const report: SeedsReport = {
    ...ran,
    from: asked.from,
    tookMs: Math.round(performance.now() - startedAt),
    pass: ran.violations.length === 0 && ran.seeds === asked.seeds,
    commit: commitNow(),
  }
  process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : seedsText(report))
  return report.pass ? 0 : 1
}

async function plants(asked: SimArguments, signal: AbortSignal): Promise<number> {
  const commit = commitNow()
  let passed = true
  for (const plant of asked.plants) {
    if (signal.aborted) return 1
    const report: PlantReport = { ...(await findPlant(plant, { ...asked, signal, progress })), commit }
    passed &&= report.pass
    process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : plantText(report))
  }
  return passed ? 0 : 1
}

/** One run, with its trace; a violation is made small as well. */
async function replay(asked: SimArguments, signal: AbortSignal): Promise<number> {
  const given = asked.planFile === null ? null : (JSON.parse(await readFile(asked.planFile, 'utf8')) as Plan)
  const seed = given?.seed ?? asked.from
  const pool = new Pool(1, asked.plants[0]?.name ?? null)
  const close = () => pool.close()
  signal.addEventListener('abort', close)
  try {
    const ran = await pool.run({ seed, ...(given === null ? {} : { plan: given }), trace: true })
    const whole = asFound(seed, ran)
    const found = whole === null || given !== null ? whole : await smaller(whole, pool, signal)
    const { steps, simulatedMs, hash, figures, violations, trace } = ran
    const report = {
      seed,
      steps,
      simulatedMs,
      hash,
      figures,
      violations,
      found,
      pass: found === null,
      commit: commitNow(),
    }
    if (asked.json) process.stdout.write(`${JSON.stringify(report)}\n`)
    else {
      process.stdout.write(`${trace.join('\n')}\nseed ${seed}: ${steps} steps, hash ${hash}, commit ${report.commit}\n`)
      process.stdout.write(found === null ? 'Every promise held.\n' : foundText(found))
    }
    return report.pass ? 0 : 1
  } finally {
    signal.removeEventListener('abort', close)
    pool.close()
  }
}
