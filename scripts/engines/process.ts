import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const READY_MS_MAX = 30_000
const READY_PAUSE_MS = 50
const END_MS_MAX = 15_000
const LOG_LINES_SHOWN = 15

export interface ProcessOptions {
  /** What it is called in messages, and its log file. */
  name: string
  command: string
  args: readonly string[]
  /** Where it runs and where its log file lies. */
  folder: string
  env?: Readonly<Record<string, string | undefined>>
  /** The user to run it as; only root can say. */
  user?: { uid: number; gid: number }
  /** Asked again and again until it answers true. What it throws means not yet. */
  ready(): Promise<boolean>
  /** What ends it in good order; SIGTERM without this. */
  stopSignal?: NodeJS.Signals
  /** How long that may take before it is ended by force. */
  stopMsMax?: number
}

/** A program that was started here and is ended with this process. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number
  readonly logFile: string
  readonly running: boolean
  /** In good order, or by force when that takes too long. */
  stop(): Promise<void>
  /** At once, with all that it has started itself. */
  kill(): Promise<void>
  /** Stands still, with all that it has started itself, until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
}

/** Starts a program and waits until it is ready. Throws with the last lines of its log when it ends or takes too long. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const logFile = join(options.folder, `${options.name}.log`)
  const output = openSync(logFile, 'a')
  const child = spawn(options.command, [...options.args], {
    cwd: options.folder,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', output, output],
    ...options.user,
  })
  closeSync(output)
  const ended = once(child, 'exit').catch(() => undefined)
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  failed.catch(() => undefined)
  const killNow = () => void child.kill('SIGKILL')
  process.once('exit', killNow)
  void ended.then(() => process.off('exit', killNow))
  const over = () => child.exitCode !== null || child.signalCode !== null

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (over()) return
    await signalTree(child, 'SIGCONT')
    child.kill(signal)
    const late = setTimeout(() => void signalTree(child, 'SIGKILL'), options.stopMsMax ?? END_MS_MAX)
    await ended
    clearTimeout(late)
  }
  const running: RunningProcess = {
    pid: child.pid ?? -1,
    logFile,
    get running() {
      return !over()
    },
    stop: () => end(options.stopSignal ?? 'SIGTERM'),
    async kill() {
      if (over()) return
      await signalTree(child, 'SIGKILL')
      await ended
    },
    pause: () => signalTree(child, 'SIGSTOP'),
    resume: () => signalTree(child, 'SIGCONT'),
    [Symbol.asyncDispose]: () => end(options.stopSignal ?? 'SIGTERM'),
  }
  try {
    await Promise.race([failed, untilReady(options, over)])
    return running
  } catch (error) {
    await running.kill()
    const log = await readFile(logFile, 'utf8').catch(() => '')
    const shown = log.trim().split('\n').slice(-LOG_LINES_SHOWN).join('\n')
    throw new Error(`${options.name} could not be started:\n${shown}`, { cause: error })
  }
}

async function untilReady({ name, ready }: ProcessOptions, over: () => boolean): Promise<void> {
  const until = performance.now() + READY_MS_MAX
  let last: unknown
  while (performance.now() < until) {
    if (over()) throw new Error(`${name} ended at once.`)
    try {
      if (await ready()) return
    } catch (error) {
      last = error
    }
    await wait(READY_PAUSE_MS)
  }
  throw new Error(`${name} was not ready within ${READY_MS_MAX / 1000} s.`, { cause: last })
}

/** The program first, so that it starts no more of its own; then what it had started. */
async function signalTree(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined) return
  const own = signal === 'SIGKILL' ? await descendants(child.pid) : []
  child.kill(signal)
  for (const pid of new Set([...own, ...(await descendants(child.pid))])) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      // The program's name may hold spaces and brackets; what follows the last bracket does not.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      if (parent > 0) parents.set(pid, parent)
    }),
  )
  const found = [root]
  for (const each of found) for (const [pid, parent] of parents) if (parent === each) found.push(pid)
  return found.slice(1)
}
