import type { Act, Outcome } from './act.ts'
import { ACTS } from './acts.ts'
import { parseArguments, USAGE, type CrowdArguments } from './arguments.ts'

/** `npm run crowd`: simulated people come in and do what `--kind` says. Exit code 0 only if all of it came out right; 2 on bad arguments. */
async function main(): Promise<number> {
  let given: CrowdArguments
  try {
    given = parseArguments(process.argv.slice(2), ACTS)
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
    const progress = (line: string) => void process.stderr.write(`crowd: ${line}\n`)
    // The arguments were checked against the same table.
    const outcome = await (ACTS[given.kind] as Act).run(given, progress, stop.signal)
    process.stdout.write(given.json ? `${JSON.stringify(outcome.report)}\n` : table(outcome))
    return outcome.ok ? 0 : 1
  } catch (error) {
    process.stderr.write(`crowd: ${(error as Error).message}\n`)
    return 1
  } finally {
    process.off('SIGINT', interrupted)
  }
}

function table({ rows }: Outcome): string {
  return rows.map(([name, value]) => `${name.padEnd(20)} ${value}\n`).join('')
}

process.exitCode = await main()
