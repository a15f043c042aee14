import { realRuntime } from '../runtime/runtime-real.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'

interface Waiting {
  due: number
  run: () => void
  timer: Timer
}

/** The real clock, which can be told to skip some time: for whole nodes with real sockets, whose long waits no test should sit out. */
export class SkippingRuntime implements Runtime {
  readonly #real = realRuntime()
  readonly #waiting = new Set<Waiting>()
  #skippedMs = 0

  now = (): number => Math.round(this.#real.now() + this.#skippedMs)
  monotonic = (): number => this.#real.monotonic() + this.#skippedMs
  random = (): number => this.#real.random()
  uuid = (): string => this.#real.uuid()
  defer = (run: () => void): void => this.#real.defer(run)

  after(delayMs: number, run: () => void): Timer {
    const waiting: Waiting = { due: this.monotonic() + delayMs, run, timer: { cancel: () => {} } }
    this.#arm(waiting)
    return {
      cancel: () => {
        waiting.timer.cancel()
        this.#waiting.delete(waiting)
      },
    }
  }

  every(periodMs: number, run: () => void): Timer {
    let current: Timer
    const next = (): void => {
      current = this.after(periodMs, () => {
        next()
        run()
      })
    }
    next()
    return { cancel: () => current.cancel() }
  }

  /** So much time is over at once; what came due fires in its order, soon and not within this call. */
  skip(byMs: number): void {
    this.#skippedMs += byMs
    for (const waiting of [...this.#waiting].toSorted((a, b) => a.due - b.due)) {
      waiting.timer.cancel()
      this.#arm(waiting)
    }
  }

  #arm(waiting: Waiting): void {
    this.#waiting.add(waiting)
    waiting.timer = this.#real.after(Math.max(0, waiting.due - this.monotonic()), () => {
      this.#waiting.delete(waiting)
      waiting.run()
    })
  }
}
