import { randomUUIDv7 } from 'node:crypto'
import type { Runtime, Timer } from './runtime.ts'

/** The machine's own clock and chance. Its timers do not keep a process alive. */
export function realRuntime(): Runtime {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    uuid: () => randomUUIDv7(),
    after: (delayMs, run) => asTimer(setTimeout(run, delayMs)),
    every: (periodMs, run) => asTimer(setInterval(run, periodMs)),
    defer: (run) => void setImmediate(run),
  }
}

function asTimer(handle: NodeJS.Timeout): Timer {
  handle.unref()
  return { cancel: () => clearTimeout(handle) }
}
