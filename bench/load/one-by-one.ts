import type { Crowd } from './crowd.ts'
import type { Deliveries } from './deliveries.ts'

const STUCK_MS = 20_000

/** Each entry only once everyone has the one before it and its acknowledgement has come: nothing can be batched. */
export class OneByOne implements Deliveries {
  readonly #sockets: number
  readonly #acknowledges: boolean
  #missing = 0
  #all: (() => void) | null = null
  #fail: ((error: Error) => void) | null = null

  constructor(sockets: number, acknowledges: boolean) {
    this.#sockets = sockets
    this.#acknowledges = acknowledges
  }

  /** Every socket asks in its turn. `from` is the number of the first entry. Rejects when an entry does not come to all. */
  async run(crowd: Crowd, from: number, entries: number): Promise<void> {
    for (let number = from; number < from + entries; number++) {
      const all = new Promise<void>((resolve, reject) => {
        this.#all = resolve
        this.#fail = reject
      })
      this.#missing = this.#sockets + (this.#acknowledges ? 1 : 0)
      const stuck = setTimeout(() => this.#fail?.(new Error(`${this.#missing} deliveries did not come.`)), STUCK_MS)
      crowd.ask(number, number)
      await all
      clearTimeout(stuck)
    }
  }

  /** One at a time, whatever lies between `after` and `through` that this audience does not see. */
  delivered(): void {
    this.#came(1)
  }

  acknowledged(): void {
    this.#came(1)
  }

  refused(why: string): void {
    this.#fail?.(new Error(`A server refused: ${why}`))
  }

  #came(count: number): void {
    this.#missing -= count
    if (this.#missing === 0) this.#all?.()
  }
}
