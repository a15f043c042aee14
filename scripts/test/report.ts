import { readFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'

/** What a runner did. `failures`: what failed, a line each, as far as the runner named it. */
export interface Outcome {
  passed: number
  failed: number
  failures: string[]
}

export const NOTHING_RAN: Outcome = { passed: 0, failed: 0, failures: [] }

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: VitestFile[]
}
interface VitestFile {
  name: string
  status: string
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] | null }[]
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number }
  suites: PlaywrightSuite[]
}
interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs: { file: string; title: string; tests: PlaywrightTest[] }[]
}
interface PlaywrightTest {
  projectName: string
  status: string
  results: { error?: { message?: string } }[]
}

/** Of the text of Vitest's JSON reporter. A file that could not even be loaded is one failure. */
export function vitestOutcome(text: string): Outcome {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(text) as VitestReport
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failures = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => line(name, fullName, failureMessages?.[0])),
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    failures: [...failures, ...unloaded.map(({ name, message }) => line(name, 'was not loaded', message))],
  }
}

/** Of the text of Playwright's JSON reporter. A test that passed only when it was run again has failed. */
export function playwrightOutcome(text: string): Outcome {
  const { stats, suites } = JSON.parse(text) as PlaywrightReport
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, failures: suites.flatMap(failuresOf) }
}

function failuresOf({ suites = [], specs }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, results }) =>
        line(file, `${title} (${projectName})`, results.find(({ error }) => error !== undefined)?.error?.message),
      ),
  )
  return [...own, ...suites.flatMap(failuresOf)]
}

/** Where, what, and how it began to say why. */
function line(file: string, title: string, message = ''): string {
  const [why = ''] = stripVTControlCharacters(message).trimStart().split('\n')
  return [file, title, why].filter((part) => part !== '').join(': ')
}

/** Reads a runner's report. A runner that failed says so even where no test did, and one that left no report has failed. */
export async function readOutcome(file: string, exitCode: number, read: (text: string) => Outcome): Promise<Outcome> {
  const text = await readFile(file, 'utf8').catch(() => null)
  const outcome = text === null ? NOTHING_RAN : read(text)
  return exitCode === 0 && text !== null ? outcome : { ...outcome, failed: Math.max(outcome.failed, 1) }
}
