import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Usage } from '../process/usage.ts'

const SOURCE = join(import.meta.dirname, 'limit.c')

/** The limit without Node: a loop in C. Disposing of it ends it. */
export interface LimitInC extends AsyncDisposable {
  readonly port: number
  usage(): Promise<Usage>
}

/** Compiles it into `folder` and starts it with this message. Null where there is no compiler, or no Linux to count its CPU time. */
export async function limitInC(folder: string, text: string): Promise<LimitInC | null> {
  if (process.platform !== 'linux') return null
  const program = join(folder, 'limit')
  try {
    await promisify(execFile)('cc', ['-O2', '-o', program, SOURCE])
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const child = spawn(program, [text], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(line.toString()),
    usage: () => usageOf(child),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}

async function usageOf({ pid }: ChildProcess): Promise<Usage> {
  // Nanoseconds on a CPU come first.
  const [onCpuNs = '0'] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')
  return { cpuUs: Number(onCpuNs) / 1_000, rssBytes: 0, heapBytes: 0 }
}
