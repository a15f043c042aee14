import { parseArgs } from 'node:util'
import { LOGS, type ClusterLog } from '../cluster/arguments.ts'
import { FAULTS, type Fault } from './faults.ts'

export interface OrdealArguments {
  /** Each on its own; */
  alone: readonly Fault[]
  /** and these in one run, if any. */
  together: readonly Fault[]
  log: ClusterLog
  people: number
  rate: number
  json: boolean
}

export const USAGE = `npm run ordeal -- [--only ${FAULTS.map(({ name }) => name).join('|')}] [--all] [--log kafka|postgres] [--people 500] [--rate 20] [--json]`

/** Reads a command line. Throws an error with one line that says what is wrong with it. */
export function parseArguments(args: readonly string[]): OrdealArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      all: { type: 'boolean', default: false },
      log: { type: 'string', default: 'kafka' },
      people: { type: 'string', default: '500' },
      rate: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  })
  const log = LOGS.find((each) => each === values.log)
  if (log === undefined) throw new Error('--log must be kafka or postgres')
  const possible = FAULTS.filter(({ only }) => only === undefined || only === log)
  const chosen = values.only?.map((name) => {
    const fault = possible.find((each) => each.name === name)
    if (fault === undefined)
      throw new Error(`--only must be one of ${possible.map((each) => each.name).join(', ')} (got "${name}")`)
    return fault
  })
  return {
    alone: chosen ?? (values.all ? [] : possible),
    together: values.all || chosen === undefined ? possible : [],
    log,
    people: whole('--people', values.people),
    rate: whole('--rate', values.rate),
    json: values.json,
  }
}

function whole(flag: string, text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value < 1) throw new Error(`${flag} must be a whole number from 1 (got "${text}")`)
  return value
}
