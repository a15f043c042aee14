import type { Trace } from './trace.ts'

/** Something that is to happen. Cancelling it twice is harmless. */
export interface Due {
  cancel(): void
}

interface Event {
  at: number
  order: number
  label: string
  run: (() => void) | null
}

/**
 * The world's own time, in milliseconds since it began, and all that is to happen in it. One event is one step: it runs, and then
 * everything that waits for a promise runs, before the next event is looked at.
 */
export class Scheduler {
  readonly #trace: Trace
  readonly #heap: Event[] = []
  #now = 0
  #orders = 0
  #steps = 0

  constructor(trace: Trace) {
    this.#trace = trace
  }

  get now(): number {
    return this.#now
  }

  get steps(): number {
    return this.#steps
  }

  after(delayMs: number, label: string, run: () => void): Due {
    return this.at(this.#now + Math.max(0, delayMs), label, run)
  }

  /** Never earlier than now; what is due at the same time happens in the order in which it was asked for. */
  at(at: number, label: string, run: () => void): Due {
    const event: Event = { at: Math.max(at, this.#now), order: this.#orders++, label, run }
    this.#push(event)
    return { cancel: () => void (event.run = null) }
  }

  /** Runs until the time is up or `stop` says so, which is asked after every step. */
  run(untilMs: number, stop: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (stop() || !this.#step(untilMs)) return resolve()
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)))
        }
        // Comes after everything that waits for promises: nothing in the world waits for anything else.
        setImmediate(step)
      }
      setImmediate(step)
    })
  }

  #step(untilMs: number): boolean {
    for (;;) {
      const event = this.#heap[0]
      if (event === undefined || event.at > untilMs) {
        this.#now = Math.max(this.#now, untilMs)
        return false
      }
      this.#pop()
      const { run } = event
      if (run === null) continue
      event.run = null
      this.#now = event.at
      this.#steps++
      this.#trace.add(event.at, event.label)
      run()
      return true
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(event, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = event
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const isRight = right !== undefined && left !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || !isBefore(child, last)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
  }
}

const isBefore = (one: Event, other: Event) => one.at < other.at || (one.at === other.at && one.order < other.order)
