import { readConfig, type Config } from './config.ts'
import { StartError } from './start-error.ts'

/** How long a planned stop may take before the process ends regardless. */
const STOP_MS_MAX = 30_000

/** Reads the command line and the environment of this process. Ends the process when there is nothing to run. */
export function configOrExit(argv: readonly string[]): Config {
  try {
    const invocation = readConfig(argv, process.env)
    if ('run' in invocation) return invocation.run
    console.log(invocation.print)
    process.exit(0)
  } catch (error) {
    exitWith(error)
  }
}

/** Runs a server until the process is told to stop. */
export async function run(config: Config): Promise<void> {
  try {
    // Only now: a wrong setting is told without loading everything.
    const { startServer } = await import('./server.ts')
    const server = await startServer(config)
    if (process.stdout.isTTY) console.log(welcome(server.urls))
    stopOnSignals(() => server.stop())
  } catch (error) {
    exitWith(error)
  }
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = () => {
    // Asked twice, it does not wait.
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => exitWith(new StartError('The server did not stop in time.')), STOP_MS_MAX).unref()
    stop().then(() => process.exit(0), exitWith)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

function welcome([local = '', ...others]: readonly string[]): string {
  const network = others.map((url) => `\n  on your network  ${url}`).join('')
  return `\n  Plenary is ready\n\n  on this machine  ${local}${network}\n\n  Stop with Ctrl+C.\n`
}

/** One line for what the operator can put right; all there is to know for what only we can. */
function exitWith(error: unknown): never {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
}

if (import.meta.main) await run(configOrExit(process.argv.slice(2)))
