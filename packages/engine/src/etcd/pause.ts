import type { Runtime } from '../runtime/runtime.ts'

/** Resolves after so long, or as soon as the signal says that nobody waits any more. */
export function pause(runtime: Runtime, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = runtime.after(delayMs, done)
    signal.addEventListener('abort', done)
  })
}
