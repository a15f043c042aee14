import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'

/** What the browser tests run on, as Debian calls it, with the fonts that the screenshots are taken in. */
const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji']
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const VERSION_MS_MAX = 20_000

/** A browser that was started once, or why there is none. */
export type Chromium = { path: string; version: string } | { missing: string }

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

/** Finds Chromium, and installs it from Debian where it can. */
export async function provideChromium(machine: Machine): Promise<Chromium> {
  const there = await findChromium(machine)
  if (there !== null) return there
  if (machine.env['CHROMIUM'] !== undefined) return { missing: `CHROMIUM=${machine.env['CHROMIUM']} cannot be started` }
  const { run } = machine
  if ((await run('apt-get', ['--version'])).code !== 0)
    return { missing: 'Chromium is not installed, and there is no apt-get' }
  const sudo = machine.root ? [] : ['sudo', '-n']
  if (!machine.root && (await run('sudo', ['-n', 'true'])).code !== 0) {
    return { missing: 'Chromium is not installed, and installing it needs root or sudo without a password' }
  }
  const apt = async (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
    return await run(command, rest)
  }
  machine.say(`Installing for the browser tests, from Debian: ${PACKAGES.join(' ')}`)
  const install = () => apt('install', '-y', '--no-install-recommends', ...PACKAGES)
  let installed = await install()
  // The lists of packages can be missing or out of date.
  if (installed.code !== 0 && (await apt('update')).code === 0) installed = await install()
  if (installed.code !== 0) return { missing: `Chromium could not be installed: ${lastLine(installed.output)}` }
  return (await findChromium(machine)) ?? { missing: 'Chromium was installed and cannot be started' }
}

async function findChromium({ env, run }: Machine): Promise<Chromium | null> {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '')
  const paths =
    env['CHROMIUM'] === undefined
      ? folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
      : [env['CHROMIUM']]
  for (const path of new Set(paths)) {
    const { code, output } = await run(path, ['--version'])
    if (code === 0) return { path, version: lastLine(output) }
  }
  return null
}

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

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? ''
