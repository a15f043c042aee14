import { holds, type Benchmark, type Held, type Outcome, type Side } from './benchmark.ts'

/** What is printed of a benchmark that was run: one of these for each row. */
export interface Report {
  bench: string
  what: string
  ours: number
  /** Null where nobody else does the same. */
  peer: number | null
  unit: string
  better: Benchmark['better']
  sides: readonly Side[]
  /** The row's own ratio; null for a bar that is no ratio. */
  ratio: number | null
  bar: string
  pass: boolean
  rounds: number
  /** Each bar, and whether it is held. */
  held: readonly (Held & { pass: boolean })[]
  figures: Outcome['figures']
  tookMs: number
}

export function reportOf(benchmark: Benchmark, outcome: Outcome, tookMs: number): Report {
  const { rounds, figures } = outcome
  const sides = outcome.sides.map(({ name, value }) => ({ name, value: rounded(value) }))
  const held = outcome.held.map((each) => ({ ...each, value: rounded(each.value), pass: holds(each) }))
  return {
    bench: benchmark.name,
    what: benchmark.what,
    ours: sides[0]?.value ?? NaN,
    peer: sides[1]?.value ?? null,
    unit: benchmark.unit,
    better: benchmark.better,
    sides,
    ratio: outcome.held[0].ratio ? rounded(outcome.held[0].value) : null,
    bar: benchmark.bar,
    pass: held.every(({ pass }) => pass),
    rounds,
    held,
    figures: Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
    ),
    tookMs: Math.round(tookMs),
  }
}

/** A row for people. */
export function printed(report: Report): string {
  const { bench, what, sides, unit, bar, pass, held, figures, tookMs } = report
  const others = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    `${pass ? 'PASS' : 'MISS'}  ${bench} (${(tookMs / 1_000).toFixed(0)} s): ${what}`,
    `      bar: ${bar}`,
    `      ${sides.map(({ name, value }) => `${name} ${value}`).join(', ')} (${unit})`,
    ...held.map((each) => `      ${each.pass ? 'held  ' : 'missed'} ${each.value} ${each.name}`),
    ...(others.length === 0 ? [] : [`      ${others.join(', ')}`]),
    '',
  ].join('\n')
}

/** To four digits: the fifth is noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
