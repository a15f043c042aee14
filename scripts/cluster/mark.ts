import { readFile } from 'node:fs/promises'

/** A process, told from all others that ever have its pid. */
export interface Mark {
  pid: number
  /** Ticks between the start of the machine and that of the process. */
  started: string
  /** Which start of the machine that was. */
  boot: string
}

/** What a process does now. */
export type ProcessState = 'running' | 'paused' | 'gone'

/** The mark of a process that runs; null when there is none of this pid. */
export async function markOf(pid: number): Promise<Mark | null> {
  const [stat, boot] = await Promise.all([readStat(pid), readFile('/proc/sys/kernel/random/boot_id', 'utf8')])
  return stat === null || stat.state === 'gone' ? null : { pid, started: stat.started, boot: boot.trim() }
}

/** Of exactly this process, whoever may have its pid now. */
export async function stateOf(mark: Mark): Promise<ProcessState> {
  const now = await markOf(mark.pid)
  if (now === null || now.started !== mark.started || now.boot !== mark.boot) return 'gone'
  return (await readStat(mark.pid))?.state ?? 'gone'
}

/** Sends a signal to exactly this process; false when it has gone. */
export async function signal(mark: Mark, name: NodeJS.Signals): Promise<boolean> {
  if ((await stateOf(mark)) === 'gone') return false
  try {
    return process.kill(mark.pid, name)
  } catch {
    // It has ended since we looked, or was never ours to end.
    return false
  }
}

async function readStat(pid: number): Promise<{ state: ProcessState; started: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  // The program's name may hold spaces and brackets; what follows the last bracket does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const letter = fields[0] ?? ''
  // A zombie has ended; only its parent has not asked yet.
  const state = 'ZX'.includes(letter) ? 'gone' : 'Tt'.includes(letter) ? 'paused' : 'running'
  return { state, started: fields[19] ?? '' }
}
