import type { Violation } from '../happening.ts'
import type { Plan } from '../plan.ts'

/** A seed that broke a promise, with the least that it takes. */
export interface Found extends Violation {
  seed: number
  /** What every violation of the seed was, the first first. */
  all: readonly string[]
  hash: string
  /** Null where it was not made smaller. */
  plan: Plan | null
  /** The last lines of the small plan's trace that are about it. */
  trace: readonly string[]
}

/** What many seeds came to. */
export interface SeedsReport {
  seeds: number
  from: number
  violations: readonly Found[]
  steps: number
  simulatedMs: number
  tookMs: number
  pass: boolean
  commit: string
}

/** Whether the planted bug was found, and by which seed first. */
export interface PlantReport {
  plant: string
  promise: string
  /** The first seed that fails with the bug and holds without it; null when none of those that were run. */
  seed: number | null
  /** What it broke; without a seed, why it could not be looked for. */
  found: string | null
  seeds: number
  tookMs: number
  pass: boolean
  commit: string
}

export function seedsText(report: SeedsReport): string {
  const { seeds, from, violations, steps, simulatedMs, tookMs, pass, commit } = report
  const took = `${(tookMs / 1_000).toFixed(1)} s`
  const hours = (simulatedMs / 3_600_000).toFixed(1)
  const head = `${seeds} seeds from ${from}: ${pass ? 'every promise held' : `${violations.length} violations`} (${steps} steps, ${hours} simulated hours, ${took}, commit ${commit})\n`
  return head + violations.map(foundText).join('')
}

export function foundText({ seed, promise, step, at, text, all, plan, trace }: Found): string {
  const lines = [`\nseed ${seed}: ${promise} at step ${step}, ${at.toFixed(0)} ms: ${text}`]
  if (all.length > 1) lines.push(...all.slice(1, 6).map((each) => `  also ${each}`))
  if (plan !== null)
    lines.push(`  the least that does it (save it and replay it with --plan FILE):`, `  ${JSON.stringify(plan)}`)
  if (trace.length > 0) lines.push(`  what it did at last:`, ...trace.map((line) => `    ${line}`))
  return `${lines.join('\n')}\n`
}

export function plantText({ plant, promise, seed, found, seeds, tookMs }: PlantReport): string {
  const outcome =
    seed === null ? `not found by ${seeds} seeds${found === null ? '' : `: ${found}`}` : `seed ${seed} (${found})`
  return `${plant} (${promise}): ${outcome}, ${(tookMs / 1_000).toFixed(1)} s\n`
}

/** The last lines that speak of the room, the person or the node of a violation; acts always do. */
export function concerning(trace: readonly string[], { room, person }: Violation, max = 60): string[] {
  const names = [room, person === undefined ? undefined : `user-${person}`].filter((name) => name !== undefined)
  const about = trace.filter(
    (line) => names.length === 0 || names.some((name) => line.includes(name)) || /\bact\b/.test(line),
  )
  return about.slice(-max)
}
