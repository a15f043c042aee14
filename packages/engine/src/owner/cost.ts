import type { Runtime } from '../runtime/runtime.ts'

/** Points of one entry made durable. */
const ENTRY_POINTS = 1
/** Points of one batch told to gateways. */
const BATCH_POINTS = 1
/** Points of a millisecond of this thread: so a shard that takes a whole core costs about 1,000 points a second. */
const CPU_MS_POINTS = 1
/** What lies this far back counts for a third. */
const SMOOTH_MS = 10_000
/** Shorter than this, time that passed is not counted. */
const MOMENT_MS = 1
/** Before so much time has passed, a rate would be chance. */
const YOUNG_MS = 1_000

/**
 * What a shard costs its owner, in points a second, smoothed: entries, fan-out and time of the thread. An exponentially weighted
 * sum, divided by the weight of the time since it began, so that a shard that has just been taken does not look idle.
 */
export class CostMeter {
  readonly #runtime: Runtime
  readonly #since: number
  #sum = 0
  #at: number

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    this.#since = runtime.monotonic()
    this.#at = this.#since
  }

  entries(count: number): void {
    this.#add(count * ENTRY_POINTS)
  }

  batches(count: number): void {
    this.#add(count * BATCH_POINTS)
  }

  /** Runs it and counts the time it took. */
  timed<T>(run: () => T): T {
    const began = this.#runtime.monotonic()
    try {
      return run()
    } finally {
      this.since(began)
    }
  }

  /** Counts the time that has passed since then. */
  since(began: number): void {
    const ended = this.#runtime.monotonic()
    this.#add((ended - began) * CPU_MS_POINTS, ended)
  }

  /** Points a second. */
  read(): number {
    this.#add(0)
    const ageMs = Math.max(this.#at - this.#since, YOUNG_MS)
    const weightMs = SMOOTH_MS * -Math.expm1(-ageMs / SMOOTH_MS)
    return (this.#sum / weightMs) * 1_000
  }

  #add(points: number, now = this.#runtime.monotonic()): void {
    // What is so close together is of one moment.
    if (now - this.#at >= MOMENT_MS) {
      this.#sum *= Math.exp((this.#at - now) / SMOOTH_MS)
      this.#at = now
    }
    this.#sum += points
  }
}
