import type { CommandId, Json, Seq } from '@plenary/kinds'

export interface Outcome {
  seq: Seq
  result?: Json
}

/** The newest command ids of a room with what became of them (R3). */
export class DedupeWindow {
  /** The place alone where that is all: thousands of them live long enough to be in the garbage collector's way. */
  readonly #outcomes = new Map<CommandId, Seq | Outcome>()
  /** Their ids by age, from `#oldest` on: a map that is emptied from its front is slow to find it. */
  #ids: CommandId[] = []
  #oldest = 0
  readonly #max: number
  /** The last place in the log whose command was forgotten; 0 when none was. */
  #forgotten: Seq

  constructor(max: number, forgotten: Seq) {
    this.#max = max
    this.#forgotten = forgotten
  }

  get(id: CommandId): Outcome | undefined {
    const known = this.#outcomes.get(id)
    return typeof known === 'number' ? { seq: known } : known
  }

  /** Whether a command that is not known here, and was not carried out before `since`, may have been forgotten: then the log knows. */
  mayHaveForgotten(since: Seq): boolean {
    return this.#forgotten > since
  }

  /** Forgets the oldest past the most, but for those past `durable`: of them the log cannot tell yet. */
  add(id: CommandId, outcome: Outcome, durable: Seq): void {
    const known = this.#outcomes.size
    this.#outcomes.set(id, outcome.result === undefined ? outcome.seq : outcome)
    if (this.#outcomes.size > known) this.#ids.push(id)
    while (this.#outcomes.size > this.#max && this.#forgetOldest(durable)) this.#oldest++
    if (this.#oldest > this.#max) {
      this.#ids = this.#ids.slice(this.#oldest)
      this.#oldest = 0
    }
  }

  #forgetOldest(durable: Seq): boolean {
    const id = this.#ids[this.#oldest]
    const outcome = id === undefined ? undefined : this.#outcomes.get(id)
    if (id === undefined || outcome === undefined) return false
    const seq = typeof outcome === 'number' ? outcome : outcome.seq
    if (seq > durable) return false
    this.#outcomes.delete(id)
    this.#forgotten = Math.max(this.#forgotten, seq)
    return true
  }
}
