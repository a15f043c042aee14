/** What a process has used so far, by its own account. */
export interface Usage {
  /** Microseconds of CPU time, in all its threads, in user and in kernel mode. */
  cpuUs: number
  rssBytes: number
  /** In use on the heap of its main thread. */
  heapBytes: number
}

const COLLECTIONS = 4
const SETTLE_MS = 250

export function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return { cpuUs: user + system, rssBytes: rss, heapBytes: heapUsed }
}

/** The same once all that is garbage is collected: what is resident then is what is needed. */
export async function settledUsage(): Promise<Usage> {
  for (let round = 0; round < COLLECTIONS; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  }
  return usage()
}
