import type { Runtime } from '../runtime/runtime.ts'

/** Telling so many takes two or three milliseconds. */
const AT_ONCE = 256
/**
 * More is not left to wait: then the oldest goes out to all at once. A room that talks faster than it can be told is told as before, whole
 * batches at a time: what is said while one goes out is the next, and many small ones would each cost a write to every socket.
 */
const WAITING_MAX = 1

export interface Telling<Item, Receiver> {
  /** Whom it is for. Looked through bit by bit: those who come meanwhile may be among them, those who leave may not. */
  receivers(item: Item): Iterable<Receiver>
  /** Answers whether it was told. */
  tell(receiver: Receiver, item: Item): boolean
  /** So many were, since the last time. */
  told?(count: number): void
  /** How many are told before other work has its turn. */
  atOnce?: number | undefined
}

/**
 * Tells thousands of receivers one item after the other, each of them in that order, and lets other work in between: a room that
 * is full must not keep the other rooms of its gateway waiting. Nobody is told before what came with it is taken in: as a rule the answer to
 * whoever said it, who waits for that, while the others do not know yet that there is something to wait for.
 */
export class Turns<Item, Receiver> {
  readonly #runtime: Runtime
  readonly #telling: Telling<Item, Receiver>
  readonly #atOnce: number
  readonly #waiting: Item[] = []
  /** Who is left for the first of them. */
  #left: Iterator<Receiver> | null = null
  #due = false

  constructor(runtime: Runtime, telling: Telling<Item, Receiver>) {
    this.#runtime = runtime
    this.#telling = telling
    this.#atOnce = telling.atOnce ?? AT_ONCE
  }

  /** Whether somebody is still to be told something. */
  get busy(): boolean {
    return this.#waiting.length > 0
  }

  /** What somebody may still have to be told, in its order. */
  get waiting(): readonly Item[] {
    return this.#waiting
  }

  /** Told from the next turn on. `atOnce` begins now, where nobody is still to be told of what was before. */
  add(item: Item, atOnce = false): void {
    this.#waiting.push(item)
    if (this.#waiting.length > WAITING_MAX) this.#take(Infinity, WAITING_MAX)
    else if (atOnce && !this.#due) this.#take(this.#atOnce)
    this.#schedule()
  }

  /** Tells so many, until so few items are left. */
  #take(count: number, leave = 0): void {
    let more = count
    let told = 0
    while (this.#waiting.length > leave && more > 0) {
      const item = this.#waiting[0] as Item
      this.#left ??= this.#telling.receivers(item)[Symbol.iterator]()
      const next = this.#left.next()
      if (next.done === true) {
        this.#left = null
        this.#waiting.shift()
      } else {
        if (this.#telling.tell(next.value, item)) told++
        more--
      }
    }
    this.#telling.told?.(told)
  }

  #schedule(): void {
    if (!this.busy || this.#due) return
    this.#due = true
    this.#runtime.defer(() => {
      this.#due = false
      this.#take(this.#atOnce)
      this.#schedule()
    })
  }
}
