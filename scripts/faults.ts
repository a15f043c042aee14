import { parseArguments, USAGE, type FaultsArguments } from '../test/faults/arguments.ts'
import { printed } from '../test/faults/print.ts'
import { ROWS } from '../test/faults/rows.ts'
import { runRows } from '../test/faults/run.ts'
import { ClusterError } from './cluster/state.ts'

/** `npm run faults`: the rows of the fault table. Exit code 0 only if each that was asked for holds its bar; 2 on bad arguments. */
async function main(): Promise<number> {
  let asked: FaultsArguments
  try {
    asked = parseArguments(process.argv.slice(2), ROWS)
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    process.stderr.write(`faults: ${line}\nusage: ${USAGE}\n`)
    return 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const began = performance.now()
  const progress = (line: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stderr.write(`${seconds.padStart(6)} s  ${line}\n`)
  }
  try {
    const all = await runRows(asked.rows, {
      quick: asked.quick,
      signal: stop.signal,
      progress,
      done: (report) => process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : printed(report)),
    })
    if (stop.signal.aborted) return 130
    return all ? 0 : 1
  } catch (error) {
    if (stop.signal.aborted) return 130
    if (!(error instanceof ClusterError)) throw error
    process.stderr.write(`faults: ${error.message}\n`)
    return 1
  }
}

process.exitCode = await main()
