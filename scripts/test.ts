import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWeb } from './build-web.ts'
import { thisMachine } from './debian.ts'
import { provideChromium } from './test/chromium.ts'
import { NOTHING_RAN, playwrightOutcome, readOutcome, vitestOutcome } from './test/report.ts'
import type { Outcome } from './test/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
const BROWSER_TESTS = 'test/browser'
/** Set in CI: what a test needs and is not there is a failure. */
const REQUIRE_ALL = process.env['REQUIRE_ALL'] === '1'

/**
 * `npm test`: the unit tests of all packages, then the browser tests, and what they need is installed first. `npm test -- unit`
 * and `npm test -- browser` run one of the two; what else is given goes to the runners, as filters of file names. The last
 * lines say what failed, and how many passed and failed, over all. Exit code 0 only if some passed and none failed.
 */
async function main(args: string[]): Promise<number> {
  const only = args[0] === 'unit' || args[0] === 'browser' ? args[0] : null
  const filters = only === null ? args : args.slice(1)
  const reports = await mkdtemp(join(tmpdir(), 'plenary-test-'))
  try {
    const unit = only === 'browser' ? NOTHING_RAN : await runUnit(filters, join(reports, 'unit.json'))
    const wanted = only === 'browser' || (only === null && (await concernsBrowser(filters)))
    const browser = wanted ? await runBrowser(filters, join(reports, 'browser.json')) : NOTHING_RAN
    const passed = unit.passed + browser.passed
    const failed = unit.failed + browser.failed
    for (const failure of [...unit.failures, ...browser.failures]) console.log(`FAIL ${failure}`)
    if (passed + failed === 0) console.log('No test ran.')
    console.log(`${passed} passed, ${failed} failed`)
    return passed > 0 && failed === 0 ? 0 : 1
  } finally {
    await rm(reports, { recursive: true, force: true })
  }
}

async function runUnit(filters: string[], report: string): Promise<Outcome> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run('vitest', ['run', '--passWithNoTests', ...reporters, ...filters], {})
  return await readOutcome(report, code, vitestOutcome)
}

async function runBrowser(filters: string[], report: string): Promise<Outcome> {
  const chromium = await provideChromium(thisMachine)
  if ('missing' in chromium) {
    const said = `${chromium.missing}: the browser tests (${BROWSER_TESTS}) are ${REQUIRE_ALL ? 'a failure' : 'left out'}.`
    console.log(said)
    return REQUIRE_ALL ? { passed: 0, failed: 1, failures: [said] } : NOTHING_RAN
  }
  console.log(`Browser tests in ${chromium.version}, ${chromium.path}`)
  try {
    await buildWeb()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1, failures: ['the web pages were not built'] }
  }
  const config = join(BROWSER_TESTS, 'playwright.config.ts')
  const args = ['test', '-c', config, '--reporter=list,json', '--pass-with-no-tests', ...filters]
  const code = await run('playwright', args, { CHROMIUM: chromium.path, PLAYWRIGHT_JSON_OUTPUT_FILE: report })
  return await readOutcome(report, code, playwrightOutcome)
}

/** Whether a browser test can be meant, so that a filter for a unit test starts no browser. */
async function concernsBrowser(filters: string[]): Promise<boolean> {
  const names = filters.filter((filter) => !filter.startsWith('-'))
  const tests = (await readdir(join(root, BROWSER_TESTS))).filter((file) => file.endsWith('.spec.ts'))
  return names.length === 0 || names.some((name) => tests.some((test) => join(BROWSER_TESTS, test).includes(name)))
}

async function run(command: string, args: string[], extra: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...extra, PATH: [bin, process.env['PATH']].join(delimiter) }
  const child = spawn(join(bin, command), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? 1
}

process.exitCode = await main(process.argv.slice(2))
