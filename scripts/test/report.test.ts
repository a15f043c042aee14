import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playwrightOutcome, readOutcome, vitestOutcome } from './report.ts'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'plenary-report-'))))
afterAll(() => rm(folder, { recursive: true }))

const vitest = (report: object) =>
  vitestOutcome(JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [], ...report }))

test('of Vitest: what passed and failed, and files that could not be loaded', () => {
  expect(vitest({})).toEqual({ passed: 3, failed: 0, failures: [] })
  const passed = { status: 'passed', fullName: 'holds', failureMessages: [] }
  const failed = {
    status: 'failed',
    fullName: '[R1] order',
    failureMessages: ['\u001B[31mExpected 2\n  at order.test.ts:3'],
  }
  const testResults = [
    { name: 'order.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
    { name: 'lost.test.ts', status: 'failed', message: 'No such module\nmore', assertionResults: [] },
    { name: 'good.test.ts', status: 'passed', message: '', assertionResults: [passed] },
  ]
  expect(vitest({ numFailedTests: 1, testResults })).toEqual({
    passed: 3,
    failed: 2,
    failures: ['order.test.ts: [R1] order: Expected 2', 'lost.test.ts: was not loaded: No such module'],
  })
})

test('a browser test that passed only at a second try has failed', () => {
  const ran = (projectName: string, status: string, message?: string) => ({
    projectName,
    status,
    results: message === undefined ? [{}] : [{ error: { message } }],
  })
  const specs = [
    {
      file: 'stage.spec.ts',
      title: 'opens',
      tests: [ran('phone', 'expected'), ran('desktop', 'unexpected', 'Timed out')],
    },
    { file: 'stage.spec.ts', title: 'closes', tests: [ran('phone', 'flaky', 'Not there'), ran('desktop', 'skipped')] },
  ]
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }
  const text = JSON.stringify({ stats, suites: [{ specs: [], suites: [{ specs }] }] })
  expect(playwrightOutcome(text)).toEqual({
    passed: 4,
    failed: 2,
    failures: ['stage.spec.ts: opens (desktop): Timed out', 'stage.spec.ts: closes (phone): Not there'],
  })
})

test('a runner that failed is a failure, whatever its report says', async () => {
  const file = join(folder, 'report.json')
  const reads = (failed: number) => () => ({ passed: 5, failed, failures: [] })
  expect(await readOutcome(join(folder, 'none.json'), 0, reads(0))).toMatchObject({ passed: 0, failed: 1 })
  await writeFile(file, '{}')
  expect(await readOutcome(file, 0, reads(0))).toMatchObject({ passed: 5, failed: 0 })
  expect(await readOutcome(file, 1, reads(0))).toMatchObject({ passed: 5, failed: 1 })
  expect(await readOutcome(file, 1, reads(3))).toMatchObject({ passed: 5, failed: 3 })
})
