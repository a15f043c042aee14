import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playwrightCounts, readCounts, vitestCounts } from './report.ts'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'plenary-report-'))))
afterAll(() => rm(folder, { recursive: true }))

const vitest = (report: object) =>
  vitestCounts(JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [], ...report }))

test('counts of Vitest include files that could not be loaded', () => {
  expect(vitest({})).toEqual({ passed: 3, failed: 0 })
  expect(vitest({ numFailedTests: 2 })).toEqual({ passed: 3, failed: 2 })
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
    { status: 'passed', assertionResults: [{}] },
  ]
  expect(vitest({ numFailedTests: 1, testResults })).toEqual({ passed: 3, failed: 2 })
})

test('a browser test that passed only at a second try has failed', () => {
  const text = JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } })
  expect(playwrightCounts(text)).toEqual({ passed: 4, failed: 2 })
})

test('a runner that failed is a failure, whatever its report says', async () => {
  const file = join(folder, 'report.json')
  const allGood = () => ({ passed: 5, failed: 0 })
  expect(await readCounts(join(folder, 'none.json'), 0, allGood)).toEqual({ passed: 0, failed: 1 })
  await writeFile(file, '{}')
  expect(await readCounts(file, 0, allGood)).toEqual({ passed: 5, failed: 0 })
  expect(await readCounts(file, 1, allGood)).toEqual({ passed: 5, failed: 1 })
  expect(await readCounts(file, 1, () => ({ passed: 5, failed: 3 }))).toEqual({ passed: 5, failed: 3 })
})
