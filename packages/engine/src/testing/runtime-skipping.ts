import { LIMITS } from '@plenary/kinds'
import { realRuntime } from '../runtime/runtime-real.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'

interface Waiting {
  due: number
  run: () => void
  timer: Timer
}

const STEP_MS = LIMITS.leaseTtlMs - 1_000

/** The real clock, which can be told to skip some time: for whole nodes with real sockets, whose long waits no test should sit out. */
export class SkippingRuntime implements Runtime {
  readonly #real = realRuntime()
  readonly #waiting = new Set<Waiting>()
  #skippedMs = 0
  /** Still to be skipped. */
  #owedMs = 0
  #stepping = false

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

  /**
   * So much time is over soon; what came due fires in its order, and not within this call. It passes in steps shorter than a lease,
   * as for a process that runs: one long step would be a process that stood still.
   */
  skip(byMs: number): void {
    this.#owedMs += byMs
    if (!this.#stepping) this.#step()
  }

  /** Resolves once all that was to be skipped is over. */
  async skipped(): Promise<void> {
    while (this.#stepping) await new Promise<void>((resolve) => this.#real.after(1, resolve))
  }

  #step(): void {
    const stepMs = Math.min(this.#owedMs, STEP_MS)
    this.#owedMs -= stepMs
    this.#skippedMs += stepMs
    for (const waiting of [...this.#waiting].toSorted((a, b) => a.due - b.due)) {
      waiting.timer.cancel()
      this.#arm(waiting)
    }
    this.#stepping = true
    this.#real.after(1, () => {
      this.#stepping = false
      if (this.#owedMs > 0) this.#step()
    })
  }

  #arm(waiting: Waiting): void {
    this.#waiting.add(waiting)
    waiting.timer = this.#real.after(Math.max(0, waiting.due - this.monotonic()), () => {
      this.#waiting.delete(waiting)
      waiting.run()
    })
  }
}
