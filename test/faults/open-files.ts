import { readFile } from 'node:fs/promises'

/** How many files and sockets a process that is started from here may have open; Node raises its own limit to the hard one. */
export async function openFilesMax(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8')
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1]
  return hard === 'unlimited' ? Infinity : Number(hard)
}
