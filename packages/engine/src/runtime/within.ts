import type { Runtime } from './runtime.ts'

/** What the promise gives, or `late()` thrown when it takes longer. The work itself goes on. */
export function within<T>(runtime: Runtime, promise: Promise<T>, waitMs: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = runtime.after(waitMs, () => reject(late()))
    // Not by `finally`, which makes several promises of one: this stands around every command.
    const cancel = () => timer.cancel()
    promise.then(cancel, cancel)
    promise.then(resolve, reject)
  })
}
