import type { Runtime, Timer } from '../../packages/engine/src/runtime/runtime.ts'
import { BEGAN_AT } from './cast.ts'
import type { Draw } from './draws.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** A deferred call comes so much later at most: what arrives meanwhile is taken in first. */
const DEFER_MS_MAX = 0.2

/** The clocks of one machine: they outlast its processes. */
export class MachineClock {
  readonly #scheduler: Scheduler
  #wallOffsetMs = 0
  #rate = 1
  #monotonic: number
  #readAt = 0

  constructor(scheduler: Scheduler, startedMs: number) {
    this.#scheduler = scheduler
    this.#monotonic = startedMs
  }

  wall(): number {
    return Math.floor(BEGAN_AT + this.#scheduler.now + this.#wallOffsetMs)
  }

  monotonic(): number {
    return this.#monotonic + (this.#scheduler.now - this.#readAt) * this.#rate
  }

  /** How long the world takes for so many milliseconds of this clock. */
  worldMs(ownMs: number): number {
    return ownMs / this.#rate
  }

  jump(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  /** As a time service does it in the end. */
  setRight(): void {
    this.#wallOffsetMs = 0
    this.drift(0)
  }

  drift(ppm: number): void {
    this.#monotonic = this.monotonic()
    this.#readAt = this.#scheduler.now
    this.#rate = 1 + ppm / 1_000_000
  }
}

/** Time and chance of one process: its machine's clocks, and timers that end and stand still with it. */
export function nodeRuntime(scheduler: Scheduler, process: Process, clock: MachineClock, chance: Draw): Runtime {
  let uuids = 0

  function arm(due: number, label: string, run: () => void): Timer {
    let timer: Timer | null = null
    let cancelled = false
    const fire = () => {
      if (cancelled) return
      // The clock may have become slower since.
      if (clock.monotonic() < due - 1e-6) set()
      else run()
    }
    function set(): void {
      const delayMs = clock.worldMs(due - clock.monotonic())
      timer = scheduler.after(delayMs, label, () => process.take(label, fire))
    }
    if (!process.ended) set()
    return {
      cancel: () => {
        cancelled = true
        timer?.cancel()
      },
    }
  }

  const timerLabel = `${process.name} timer`
  const deferLabel = `${process.name} defer`
  return {
    now: () => clock.wall(),
    monotonic: () => clock.monotonic(),
    random: () => chance.next(),
    uuid: () => uuidOf(chance, ++uuids),
    after: (delayMs, run) => arm(clock.monotonic() + Math.max(0, delayMs), timerLabel, run),
    every(periodMs, run) {
      let timer: Timer
      let due = clock.monotonic() + periodMs
      const fire = () => {
        // Rounds that were missed are not made up for.
        due = Math.max(due + periodMs, clock.monotonic())
        timer = arm(due, timerLabel, fire)
        run()
      }
      timer = arm(due, timerLabel, fire)
      return { cancel: () => timer.cancel() }
    },
    defer(run) {
      if (process.ended) return
      scheduler.after(chance.between(0, DEFER_MS_MAX), deferLabel, () => process.take(deferLabel, run))
    },
  }
}

/** Version 4 in its shape; `count` sees to it that no two are alike. */
export function uuidOf(chance: Draw, count: number): string {
  const hex = (digits: number) =>
    Math.floor(chance.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(4)}${count.toString(16).padStart(8, '0')}`
}
