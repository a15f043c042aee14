import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Report } from './report.ts'

const FILE = join(import.meta.dirname, 'committed.json')
/** Less than this between two runs is the machine. */
const REGRESSION_MAX = 1.3

/** A row as it was measured once, and on what. */
export interface Committed extends Report {
  machine: string
  commit: string
}

/** The rows that were written down, by name. */
export async function readCommitted(): Promise<Record<string, Committed>> {
  const text = await readFile(FILE, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}'
    throw error
  })
  return JSON.parse(text) as Record<string, Committed>
}

/** Puts these rows in place of what was measured of them before. Answers all that is written down then. */
export async function writeCommitted(reports: readonly Report[]): Promise<Record<string, Committed>> {
  const all = await readCommitted()
  const machine = describeMachine()
  const commit = await headCommit()
  for (const report of reports) all[report.bench] = { ...report, machine, commit }
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`)
  return all
}

/** The ratios of this row that are worse than the committed ones by more than machines differ, in words. */
export function regressions(report: Report, committed: Committed | undefined): string[] {
  const before = new Map(committed?.held.map(({ name, value }) => [name, value]))
  return report.held.flatMap(({ name, value, ratio, atLeast }) => {
    const was = before.get(name)
    if (!ratio || was === undefined) return []
    const worse = atLeast === undefined ? value / was : was / value
    return worse > REGRESSION_MAX ? [`${name} is ${value}, and was ${was}`] : []
  })
}

function describeMachine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GiB, ${type()}, Node ${process.version.slice(1)}`
}

async function headCommit(): Promise<string> {
  const git = promisify(execFile)
  const cwd = import.meta.dirname
  const { stdout: commit } = await git('git', ['rev-parse', '--short', 'HEAD'], { cwd })
  const { stdout: changes } = await git('git', ['status', '--porcelain', '--untracked-files=no'], { cwd })
  return changes.trim() === '' ? commit.trim() : `${commit.trim()} and changes on it`
}
