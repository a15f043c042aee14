import type { Runtime } from '../runtime/runtime.ts'

/**
 * A meter of the share of one core, from 0 to 1, that was used since it was last read; 0 at first. `usedMs` gives the CPU time used
 * so far, in milliseconds. What other threads use counts too, and more than one whole core reads as 1.
 */
export function cpuMeter(runtime: Runtime, usedMs: () => number): () => number {
  let at = runtime.monotonic()
  let used = usedMs()
  let share = 0
  return () => {
    const elapsed = runtime.monotonic() - at
    if (elapsed <= 0) return share
    const now = usedMs()
    share = Math.min(1, Math.max(0, (now - used) / elapsed))
    at += elapsed
    used = now
    return share
  }
}
