import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Installs Debian packages where it can, as root or with sudo that asks no password, and says so in one line. Answers null when
 * they are there, otherwise one line that says why not; with `REQUIRE_ALL=1` it throws that line.
 */
export async function aptInstall(what: string, packages: readonly string[]): Promise<string | null> {
  const problem = await install(what, packages)
  if (problem !== null && process.env['REQUIRE_ALL'] === '1') throw new Error(problem)
  return problem
}

async function install(what: string, packages: readonly string[]): Promise<string | null> {
  if ((await run('apt-get', ['--version'])).code !== 0) return `${what} is not installed, and there is no apt-get`
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (sudo.length > 0 && (await run('sudo', ['-n', 'true'])).code !== 0) {
    return `${what} is not installed, and installing it needs root or sudo without a password`
  }
  const apt = (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
    return run(command, rest)
  }
  console.log(`Installing ${what} from Debian: ${packages.join(' ')}`)
  let installed = await apt('install', '-y', '--no-install-recommends', ...packages)
  // The lists of packages can be missing or out of date.
  if (installed.code !== 0 && (await apt('update')).code === 0) {
    installed = await apt('install', '-y', '--no-install-recommends', ...packages)
  }
  if (installed.code === 0) return null
  return `${what} could not be installed: ${installed.output.trim().split('\n').at(-1) ?? ''}`
}

async function run(command: string, args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? -1, output }
  } catch (error) {
    return { code: -1, output: error instanceof Error ? error.message : String(error) }
  }
}
