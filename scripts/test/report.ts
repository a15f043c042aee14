import { readFile } from 'node:fs/promises'

/** What a runner did. */
export interface Counts {
  passed: number
  failed: number
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number }
}

/** Of the text of Vitest's JSON reporter. A file that could not even be loaded is one failure. */
export function vitestCounts(text: string): Counts {
  const report = JSON.parse(text) as VitestReport
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }
}

/** Of the text of Playwright's JSON reporter. A test that passed only when it was run again has failed. */
export function playwrightCounts(text: string): Counts {
  const { stats } = JSON.parse(text) as PlaywrightReport
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
}

/** Reads a runner's report. A runner that failed says so even where no test did, and one that left no report has failed. */
export async function readCounts(file: string, exitCode: number, count: (text: string) => Counts): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => null)
  const { passed, failed } = text === null ? { passed: 0, failed: 0 } : count(text)
  return { passed, failed: exitCode === 0 && text !== null ? failed : Math.max(failed, 1) }
}
