import { PlenaryError } from '@plenary/kinds'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { Runtime } from '../runtime/runtime.ts'

export interface CommandRun {
  /** For a shell. */
  command: string
  /** Beside this process's own environment. */
  env: Readonly<Record<string, string>>
  msMax: number
  runtime: Runtime
  logger: Logger
  /** Ends it by force. */
  signal: AbortSignal
}

/** What of its output is logged. */
const LINES_MAX = 200
const LINE_CHARS_MAX = 500
/** What was written just before the end is still on its way then. */
const LAST_WORDS_MS = 200

/**
 * Runs an operator's command to its end and logs what it says. Throws `timeout` when it takes too long and `unavailable` when it cannot
 * be run, is ended or exits with another code than 0. What it leaves running in the background must write elsewhere.
 */
export async function runCommand({ command, env, msMax, runtime, logger, signal }: CommandRun): Promise<void> {
  if (signal.aborted) throw new PlenaryError('unavailable', 'No scaling command is run any more.')
  const child = spawn('/bin/sh', ['-c', command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended with all that it has started.
    detached: true,
  })
  let lines = 0
  const say = (stream: Readable) =>
    createInterface({ input: stream }).on('line', (line) => {
      if (++lines <= LINES_MAX) logger.info({ command, line: line.slice(0, LINE_CHARS_MAX) }, 'a scaling command says')
    })
  const outputs = [say(child.stdout), say(child.stderr)]
  let late = false
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
  }
  const timer = runtime.after(msMax, () => {
    late = true
    kill()
  })
  signal.addEventListener('abort', kill)
  try {
    const heard = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const how = await new Promise<string | null>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(new PlenaryError('unavailable', 'A scaling command could not be run.', { cause }))
      })
      child.once('exit', (code, ended) =>
        resolve(code === 0 ? null : ended === null ? `exited with code ${code}` : `was ended by ${ended}`),
      )
    })
    await Promise.race([heard, new Promise<void>((resolve) => runtime.after(LAST_WORDS_MS, resolve))])
    if (late) throw new PlenaryError('timeout', `A scaling command took longer than ${msMax} ms.`)
    if (how !== null) throw new PlenaryError('unavailable', `A scaling command ${how}.`)
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', kill)
    for (const output of outputs) output.close()
    child.stdout.destroy()
    child.stderr.destroy()
  }
}
