import { parseArguments, USAGE, type CrowdArguments } from './arguments.ts'
import { runCrowd, type CrowdReport } from './crowd.ts'

/** `npm run crowd`: simulated attendees join and talk. Exit code 0 only if nothing was lost, duplicated or reordered; 2 on bad arguments. */
async function main(): Promise<number> {
  let given: CrowdArguments
  try {
    given = parseArguments(process.argv.slice(2))
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    process.stderr.write(`crowd: ${line}; usage: ${USAGE}\n`)
    return 2
  }
  const stop = new AbortController()
  const interrupted = () => {
    if (stop.signal.aborted) process.exit(130)
    process.stderr.write('crowd: stopping; once more to quit at once\n')
    stop.abort()
  }
  process.on('SIGINT', interrupted)
  try {
    const report = await runCrowd({
      ...given,
      progress: (line) => void process.stderr.write(`crowd: ${line}\n`),
      signal: stop.signal,
    })
    process.stdout.write(given.json ? `${JSON.stringify(report)}\n` : table(report))
    return report.acknowledged > 0 && report.lost + report.duplicated + report.reordered === 0 ? 0 : 1
  } catch (error) {
    process.stderr.write(`crowd: ${(error as Error).message}\n`)
    return 1
  } finally {
    process.off('SIGINT', interrupted)
  }
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value} ms`
}

function table(report: CrowdReport): string {
  const rows: [string, string | number][] = [
    ['people', report.people],
    ['sent', report.sent],
    ['acknowledged', report.acknowledged],
    ['refused', report.refused],
    ['delivered', report.delivered],
    ['lost', report.lost],
    ['duplicated', report.duplicated],
    ['reordered', report.reordered],
    ['resets', report.resets],
    ['acknowledgement p50', ms(report.ackP50Ms)],
    ['acknowledgement p99', ms(report.ackP99Ms)],
    ['delivery p50', ms(report.deliveryP50Ms)],
    ['delivery p99', ms(report.deliveryP99Ms)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(20)} ${value}\n`).join('')
}

process.exitCode = await main()
