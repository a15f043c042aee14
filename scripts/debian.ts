import { spawn } from 'node:child_process'
import { once } from 'node:events'

const VERSION_MS_MAX = 20_000

/** Runs a program with nothing to read; the code is -1 where it cannot be started. */
export type Run = (command: string, args: string[]) => Promise<{ code: number; output: string }>

export interface Machine {
  env: Readonly<Record<string, string | undefined>>
  /** Whether this user is root. */
  root: boolean
  run: Run
  say(line: string): void
}

/** The machine that this process is on. */
export const thisMachine: Machine = {
  env: process.env,
  root: process.getuid?.() === 0,
  run: runProgram,
  say: (line) => console.log(line),
}

/**
 * Installs packages as root, or with sudo that asks no password, and says so in one line. Answers null when they are there,
 * otherwise one line that says why not.
 */
export async function installFromDebian(
  { run, root, say }: Machine,
  what: string,
  packages: readonly string[],
): Promise<string | null> {
  if ((await run('apt-get', ['--version'])).code !== 0) return `${what} is not installed, and there is no apt-get`
  const sudo = root ? [] : ['sudo', '-n']
  if (!root && (await run('sudo', ['-n', 'true'])).code !== 0) {
    return `${what} is not installed, and installing it needs root or sudo without a password`
  }
  const apt = async (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
    return await run(command, rest)
  }
  say(`Installing ${what} from Debian: ${packages.join(' ')}`)
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  let installed = await install()
  // The lists of packages can be missing or out of date.
  if (installed.code !== 0 && (await apt('update')).code === 0) installed = await install()
  return installed.code === 0 ? null : `${what} could not be installed: ${lastLine(installed.output)}`
}

export const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? ''

async function runProgram(command: string, args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = args[0] === '--version' ? setTimeout(() => child.kill(), VERSION_MS_MAX) : undefined
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? -1, output }
  } catch (error) {
    return { code: -1, output: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
