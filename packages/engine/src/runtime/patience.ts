import { DueList } from './due-list.ts'
import type { Due } from './due-list.ts'
import type { Runtime } from './runtime.ts'

/** Waits for many promises at a time, most of them for as long as each other: one timer for all of those, instead of one each. */
export class Patience {
  readonly #runtime: Runtime
  readonly #lists = new Map<number, DueList>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** What the promise gives, or `late()` thrown when it takes longer. The work itself goes on. */
  within<T>(promise: Promise<T>, waitMs: number, late: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = new Waiting(reject, late)
      this.#listOf(waitMs).put(waiting, this.#runtime.monotonic())
      promise.then(
        (value) => {
          waiting.list?.take(waiting)
          resolve(value)
        },
        (error: unknown) => {
          waiting.list?.take(waiting)
          // As it came, whatever it is.
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors
          reject(error)
        },
      )
    })
  }

  #listOf(waitMs: number): DueList {
    let list = this.#lists.get(waitMs)
    if (list === undefined) {
      this.#lists.set(waitMs, (list = new DueList(waitMs)))
      this.#watch(list, waitMs, waitMs)
    }
    return list
  }

  /** Until nobody is in it. */
  #watch(list: DueList, waitMs: number, inMs: number): void {
    this.#runtime.after(inMs, () => {
      const now = this.#runtime.monotonic()
      list.look(now)
      if (list.first === null) this.#lists.delete(waitMs)
      else this.#watch(list, waitMs, list.first.dueAtMs - now)
    })
  }
}

class Waiting implements Due {
  dueAtMs = 0
  before: Due | null = null
  after: Due | null = null
  list: DueList | null = null
  readonly #reject: (error: Error) => void
  readonly #late: () => Error

  constructor(reject: (error: Error) => void, late: () => Error) {
    this.#reject = reject
    this.#late = late
  }

  due(): void {
    this.#reject(this.#late())
  }
}
