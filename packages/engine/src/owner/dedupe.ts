import type { CommandId, Json, Seq } from '@plenary/kinds'

export interface Outcome {
  seq: Seq
  result?: Json
}

/** The newest command ids of a room with what became of them (R3). */
export class DedupeWindow {
  readonly #outcomes = new Map<CommandId, Outcome>()
  readonly #max: number
  /** The last place in the log whose command was forgotten; 0 when none was. */
  #forgotten: Seq

  constructor(max: number, forgotten: Seq) {
    this.#max = max
    this.#forgotten = forgotten
  }

  get(id: CommandId): Outcome | undefined {
    return this.#outcomes.get(id)
  }

  /** Whether a command that is not known here, and was not carried out before `since`, may have been forgotten: then the log knows. */
  mayHaveForgotten(since: Seq): boolean {
    return this.#forgotten > since
  }

  /** Forgets the oldest past the most, but for those past `durable`: of them the log cannot tell yet. */
  add(id: CommandId, outcome: Outcome, durable: Seq): void {
    this.#outcomes.set(id, outcome)
    for (const [oldest, { seq }] of this.#outcomes) {
      if (this.#outcomes.size <= this.#max || seq > durable) return
      this.#outcomes.delete(oldest)
      this.#forgotten = Math.max(this.#forgotten, seq)
    }
  }
}
