import type { Runtime, Timer } from '../runtime/runtime.ts'

const LOOK_MS = 250

/**
 * Tells, at once when it goes on, that this process stood still for so many milliseconds or longer: it was stopped, or its machine
 * was. After a lease's time to live, others have taken its rooms.
 */
export function watchStalls(runtime: Runtime, stallMs: number, stoodStill: (forMs: number) => void): Timer {
  let seenAt = runtime.monotonic()
  return runtime.every(LOOK_MS, () => {
    const now = runtime.monotonic()
    const forMs = now - seenAt
    seenAt = now
    if (forMs >= stallMs) stoodStill(Math.round(forMs))
  })
}
