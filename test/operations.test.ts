import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { METRICS } from '@plenary/engine'
import { expect, test } from 'vitest'
import { SETTINGS } from '../packages/server/src/settings.ts'

const page = await readFile(join(import.meta.dirname, '../docs/OPERATIONS.md'), 'utf8')
/** Not the engine's, so not in its table. */
const OF_THE_SERVER = 'http_request_seconds'

test('docs/OPERATIONS.md speaks of every metric, and of none that is not there', () => {
  const named = new Set(Array.from(page.matchAll(/`plenary_(\w+)/g), ([, name]) => name))
  expect(named).toEqual(new Set([...Object.keys(METRICS), OF_THE_SERVER]))
})

test('docs/OPERATIONS.md speaks of every setting in its table', () => {
  const table = page.split('\n').filter((line) => line.startsWith('| `'))
  const named = new Set(table.flatMap((line) => line.split('|')[1]?.match(/[A-Z][A-Z_]+/g) ?? []))
  expect(named).toEqual(new Set(Object.values(SETTINGS).map(({ env }) => env)))
})
