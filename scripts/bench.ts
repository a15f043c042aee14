import { parseArguments, USAGE, type BenchArguments } from '../bench/arguments.ts'
import { BENCHMARKS } from '../bench/benchmarks.ts'
import { readCommitted, regressions, writeCommitted } from '../bench/committed.ts'
import { writeDocument } from '../bench/document.ts'
import { printed, reportOf, type Report } from '../bench/report.ts'

/** `npm run bench`: exit code 0 only if each that was asked for holds its bar, in a short run its ratio of before; 2 on bad arguments. */
async function main(): Promise<number> {
  let asked: BenchArguments
  try {
    asked = parseArguments(process.argv.slice(2), BENCHMARKS)
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    process.stderr.write(`bench: ${line}\nusage: ${USAGE}\n`)
    return 2
  }
  const { quick, json, write, profiles } = asked
  const committed = await readCommitted()
  const reports: Report[] = []
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const began = performance.now()
  let all = true
  for (const benchmark of asked.benchmarks) {
    const progress = (line: string) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      process.stderr.write(`${seconds.padStart(6)} s  ${benchmark.name}: ${line}\n`)
    }
    const from = performance.now()
    try {
      const outcome = await benchmark.run({ signal: stop.signal, quick, profiles, progress })
      const report = reportOf(benchmark, outcome, performance.now() - from)
      const regressed = quick ? regressions(report, committed[benchmark.name]) : []
      process.stdout.write(json ? `${JSON.stringify({ ...report, regressed })}\n` : printed(report))
      for (const each of regressed) progress(`worse than before: ${each}`)
      reports.push(report)
      // A short run is too short to judge by the bars: it looks for what has become worse.
      all &&= quick ? regressed.length === 0 : report.pass
    } catch (error) {
      if (stop.signal.aborted) return 130
      progress(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      all = false
    }
  }
  if (write) await writeDocument(await writeCommitted(reports), BENCHMARKS)
  return all ? 0 : 1
}

process.exitCode = await main()
