import { LIMITS } from '@plenary/kinds'
import type { Runtime, Timer } from '../runtime/runtime.ts'

const LOOK_MS = 250

/**
 * Tells, at once when it goes on, that this process stood still for as long as a lease lasts or longer: it was stopped, or its
 * machine was. Others have taken its rooms by then.
 */
export function watchStalls(runtime: Runtime, stoodStill: (forMs: number) => void): Timer {
  let seenAt = runtime.monotonic()
  return runtime.every(LOOK_MS, () => {
    const now = runtime.monotonic()
    const forMs = now - seenAt
    seenAt = now
    if (forMs >= LIMITS.leaseTtlMs) stoodStill(Math.round(forMs))
  })
}
