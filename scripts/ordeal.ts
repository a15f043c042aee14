import { RunningCluster } from './cluster/running.ts'
import { ClusterError } from './cluster/state.ts'
import { parseArguments, USAGE, type OrdealArguments } from './ordeal/arguments.ts'
import { table } from './ordeal/print.ts'
import { Stage } from './ordeal/stage.ts'
import { trial, type TrialReport } from './ordeal/trial.ts'

const ZONE = 'north'
const NODES = 3

/**
 * `npm run ordeal`: a crowd talks over a cluster of its own while one thing after the other goes wrong. Exit code 0 only if nothing
 * was lost, duplicated or reordered and commands were taken again in time; 2 on bad arguments.
 */
async function main(): Promise<number> {
  let asked: OrdealArguments
  try {
    asked = parseArguments(process.argv.slice(2))
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    process.stderr.write(`ordeal: ${line}\nusage: ${USAGE}\n`)
    return 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const reports = await ordeal(asked, stop.signal)
    process.stdout.write(asked.json ? `${JSON.stringify(reports)}\n` : table(reports))
    return !stop.signal.aborted && reports.every(({ pass }) => pass) ? 0 : 1
  } catch (error) {
    // The cluster hears of an interruption by itself, and may be gone before its crowd.
    if (stop.signal.aborted) return 130
    if (!(error instanceof ClusterError)) throw error
    process.stderr.write(`ordeal: ${error.message}\n`)
    return 1
  }
}

async function ordeal({ alone, together, ...options }: OrdealArguments, signal: AbortSignal): Promise<TrialReport[]> {
  const progress = (line: string) => void process.stderr.write(`ordeal: ${line}\n`)
  const zones = Array.from({ length: NODES }, () => ZONE)
  await using cluster = await RunningCluster.start({ log: options.log, zones, progress })
  const stage = new Stage(cluster, ZONE, signal)
  const trials = [...alone.map((fault) => ({ name: fault.name, faults: [fault] })), { name: 'all', faults: together }]
  const reports: TrialReport[] = []
  for (const { name, faults } of trials) {
    if (faults.length === 0 || signal.aborted) continue
    const report = await trial(name, faults, stage, { ...options, progress })
    progress(`${name}: ${JSON.stringify(report)}`)
    if (!report.pass && !signal.aborted) progress(await cluster.logs())
    reports.push(report)
  }
  return reports
}

process.exitCode = await main()
