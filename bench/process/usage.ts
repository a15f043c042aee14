/** What a process has used so far, by its own account. */
export interface Usage {
  /** Microseconds of CPU time, in all its threads, in user and in kernel mode. */
  cpuUs: number
  rssBytes: number
}

const COLLECTIONS = 4
const SETTLE_MS = 250

export function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() }
}

/** The same once all that is garbage is collected: what is resident then is what is needed. */
export async function settledUsage(): Promise<Usage> {
  for (let round = 0; round < COLLECTIONS; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  }
  return usage()
}
