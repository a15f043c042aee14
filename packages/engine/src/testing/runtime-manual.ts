import type { Runtime, Timer } from '../runtime/runtime.ts'

interface Waiting {
  due: number
  order: number
  run: () => void
  periodMs: number | null
}

/** A clock that stands still until it is moved, and a chance that repeats itself: the same calls give the same run. */
export class TestRuntime implements Runtime {
  readonly #timers = new Set<Waiting>()
  #deferred: (() => void)[] = []
  #elapsedMs = 0
  #wall: number
  #orders = 0
  #uuids = 0
  #seed = 1

  constructor(wall = 1_700_000_000_000) {
    this.#wall = wall
  }

  now(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#elapsedMs
  }

  random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647
    return (this.#seed - 1) / 2_147_483_646
  }

  uuid(): string {
    return `00000000-0000-4000-8000-${String(++this.#uuids).padStart(12, '0')}`
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#wait(delayMs, run, null)
  }

  every(periodMs: number, run: () => void): Timer {
    return this.#wait(periodMs, run, periodMs)
  }

  defer(run: () => void): void {
    this.#deferred.push(run)
  }

  /** Timers that have been set and neither fired nor cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves the wall clock alone, as an operator or a time server does. */
  setWall(at: number): void {
    this.#wall = at
  }

  /** Lets promises and deferred calls run until there are no more. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      const deferred = this.#deferred.splice(0)
      if (deferred.length > 0) quiet = -1
      for (const run of deferred) run()
    }
  }

  /** Moves time on, firing what comes due in its order, each at its own moment. */
  async advance(byMs: number): Promise<void> {
    await this.settle()
    const end = this.#elapsedMs + byMs
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#moveTo(next.due)
      if (next.periodMs === null) this.#timers.delete(next)
      else next.due += next.periodMs
      next.run()
      await this.settle()
    }
    this.#moveTo(end)
  }

  #moveTo(elapsedMs: number): void {
    this.#wall += elapsedMs - this.#elapsedMs
    this.#elapsedMs = elapsedMs
  }

  #next(end: number): Waiting | null {
    const due = [...this.#timers].filter((timer) => timer.due <= end)
    return due.toSorted((a, b) => a.due - b.due || a.order - b.order)[0] ?? null
  }

  #wait(delayMs: number, run: () => void, periodMs: number | null): Timer {
    const waiting: Waiting = { due: this.#elapsedMs + delayMs, order: this.#orders++, run, periodMs }
    this.#timers.add(waiting)
    return { cancel: () => void this.#timers.delete(waiting) }
  }
}
