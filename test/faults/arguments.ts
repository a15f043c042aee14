import { parseArgs } from 'node:util'
import type { Row } from './row.ts'

export interface FaultsArguments {
  rows: readonly Row[]
  quick: boolean
  json: boolean
}

export const USAGE = 'npm run faults -- [--only ROW[,ROW]] [--quick] [--json]'

/** Reads a command line; rows come in the order of the table. Throws an error with one line that says what is wrong with it. */
export function parseArguments(args: readonly string[], table: readonly Row[]): FaultsArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const names = values.only?.flatMap((each) => each.split(','))
  const unknown = names?.find((name) => !table.some((row) => row.name === name))
  if (unknown !== undefined) {
    throw new Error(`there is no row ${unknown}, only ${table.map(({ name }) => name).join(', ')}`)
  }
  const { quick, json } = values
  // Whoever names a row wants it, also where the short run leaves it out.
  const rows = table.filter((row) => (names === undefined ? row.quick || !quick : names.includes(row.name)))
  return { rows, quick, json }
}
