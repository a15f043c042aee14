import type { Millis } from '@plenary/kinds'

/** Ends what it stands for; ending twice is harmless. */
export interface Timer {
  cancel(): void
}

/**
 * Time and chance, from outside. Guarantee: `monotonic` never goes back and is unrelated between processes; `now` is the wall
 * clock and may jump; timers fire at or after their time, never inside the call that set them. The engine reads no other clock
 * and no other randomness, so that a seeded simulator can run it.
 */
export interface Runtime {
  /** Wall clock, for people. Never for order or safety. */
  now(): Millis
  /** Milliseconds, for durations and leases. */
  monotonic(): number
  /** In [0, 1). Not for secrets. */
  random(): number
  /** A fresh UUID. */
  uuid(): string
  after(delayMs: number, run: () => void): Timer
  every(periodMs: number, run: () => void): Timer
  /** Once what has arrived by now is taken in: the place where a batch closes. */
  defer(run: () => void): void
}
