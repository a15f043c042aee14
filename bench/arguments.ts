import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'

export interface BenchArguments {
  benchmarks: readonly Benchmark[]
  json: boolean
  quick: boolean
  /** Put the figures into docs/BENCHMARKS.md and the committed ones. */
  write: boolean
  /** Where CPU profiles of our own servers go; null for none. */
  profiles: string | null
}

export const USAGE = 'npm run bench -- [NAME…] [--quick] [--json] [--write] [--profile FOLDER]'

/** Reads a command line; benchmarks come in the order of the table. Throws an error whose first line says what is wrong with it. */
export function parseArguments(args: readonly string[], table: readonly Benchmark[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const unknown = positionals.find((name) => !table.some((benchmark) => benchmark.name === name))
  if (unknown !== undefined) {
    throw new Error(`there is no benchmark ${unknown}, only ${table.map(({ name }) => name).join(', ')}`)
  }
  const { json, quick, write, profile } = values
  if (quick && write) throw new Error('figures of a short run are not written down: leave out --quick or --write')
  // Whoever names one wants it, also where the short run leaves it out.
  const wanted = (benchmark: Benchmark) =>
    positionals.length === 0 ? benchmark.quick || !quick : positionals.includes(benchmark.name)
  return {
    benchmarks: table.filter(wanted),
    json,
    quick,
    write,
    profiles: profile === undefined ? null : resolve(profile),
  }
}
