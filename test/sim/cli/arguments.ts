import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { PLANTS, type Plant } from '../plants.ts'

export interface SimArguments {
  /** `seeds`: many, one after the other. `replay`: one, with its trace. `plants`: bugs put in, to see each found. */
  mode: 'seeds' | 'replay' | 'plants'
  from: number
  seeds: number
  plants: readonly Plant[]
  /** A plan as it was printed, to be run in place of the seed's own. */
  planFile: string | null
  jobs: number
  minutes: number
  json: boolean
}

export const USAGE =
  'npm run sim -- [--seeds 1000] [--from N] [--seed N [--plant NAME]] [--plan FILE] [--plant NAME|all] [--jobs N] [--minutes M] [--json]'

const SEED_MAX = 2 ** 40

/** Reads a command line. Throws an error with one line that says what is wrong with it. */
export function parseArguments(args: readonly string[]): SimArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      plan: { type: 'string' },
      plant: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      minutes: { type: 'string', default: '600' },
      json: { type: 'boolean', default: false },
    },
  })
  const replays = values.seed !== undefined || values.plan !== undefined
  return {
    mode: replays ? 'replay' : values.plant === undefined ? 'seeds' : 'plants',
    from: whole('--from', values.seed ?? values.from, 0, SEED_MAX),
    seeds: whole('--seeds', values.seeds, 1, 10_000_000),
    plants: values.plant === undefined ? [] : plantsOf(values.plant),
    planFile: values.plan ?? null,
    jobs: whole('--jobs', values.jobs, 1, 256),
    minutes: whole('--minutes', values.minutes, 1, 100_000),
    json: values.json,
  }
}

function plantsOf(name: string): readonly Plant[] {
  if (name === 'all') return PLANTS
  const plant = PLANTS.find((each) => each.name === name)
  if (plant === undefined) {
    throw new Error(`--plant must be all or one of ${PLANTS.map((each) => each.name).join(', ')} (got "${name}")`)
  }
  return [plant]
}

function whole(flag: string, text: string, from: number, to: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1
  if (value < from || value > to)
    throw new Error(`${flag} must be a whole number from ${from} to ${to} (got "${text}")`)
  return value
}
