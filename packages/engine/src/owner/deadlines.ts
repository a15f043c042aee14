import type { Millis, RoomId } from '@plenary/kinds'
import type { Runtime, Timer } from '../runtime/runtime.ts'

/** Timers count in 32 bits; a later moment is reached in steps. */
const STEP_MAX_MS = 2 ** 31 - 1
/** The wall clock was set when it is this far from where it would have gone by itself. */
const CLOCK_SET_MS = 500

interface Armed {
  at: Millis
  /** How far the wall clock was before the monotonic one when the timer was set. */
  aheadMs: number
  timer: Timer
}

/** When which room needs its owner by itself. Small enough to keep for rooms that are put away. */
export class Deadlines {
  readonly #timers = new Map<RoomId, Armed>()
  readonly #runtime: Runtime
  readonly #due: (room: RoomId) => void
  #closed = false

  constructor(runtime: Runtime, due: (room: RoomId) => void) {
    this.#runtime = runtime
    this.#due = due
  }

  set(room: RoomId, at: Millis | null): void {
    const known = this.#timers.get(room)
    if (this.#closed || known?.at === at) return
    known?.timer.cancel()
    if (at === null) this.#timers.delete(room)
    else this.#arm(room, at)
  }

  /** Timers run by another clock than deadlines are told in; where that one was set, they are set anew. Called every so often. */
  tend(): void {
    for (const [room, { at, aheadMs, timer }] of Array.from(this.#timers)) {
      if (Math.abs(this.#aheadMs() - aheadMs) < CLOCK_SET_MS) continue
      timer.cancel()
      this.#arm(room, at)
    }
  }

  close(): void {
    this.#closed = true
    for (const { timer } of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  #arm(room: RoomId, at: Millis): void {
    const waitMs = Math.min(Math.max(0, at - this.#runtime.now()), STEP_MAX_MS)
    const timer = this.#runtime.after(waitMs, () => {
      this.#timers.delete(room)
      // The wall clock decides, and it may have been set back meanwhile.
      if (this.#runtime.now() < at) this.#arm(room, at)
      else this.#due(room)
    })
    this.#timers.set(room, { at, aheadMs: this.#aheadMs(), timer })
  }

  #aheadMs(): number {
    return this.#runtime.now() - this.#runtime.monotonic()
  }
}
