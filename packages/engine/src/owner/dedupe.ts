import type { CommandId, Json, Seq } from '@plenary/kinds'

export interface Outcome {
  seq: Seq
  result?: Json
}

/** The newest command ids of a room with what became of them (R3). */
export class DedupeWindow {
  readonly #outcomes = new Map<CommandId, Outcome>()
  readonly #max: number
  /** Whether ids have been forgotten, so that one not found here may still be in the log. */
  #partial: boolean

  constructor(max: number, partial: boolean) {
    this.#max = max
    this.#partial = partial
  }

  get(id: CommandId): Outcome | undefined {
    return this.#outcomes.get(id)
  }

  /** True when an unknown id is surely new. */
  get complete(): boolean {
    return !this.#partial
  }

  add(id: CommandId, outcome: Outcome): void {
    this.#outcomes.set(id, outcome)
    if (this.#outcomes.size <= this.#max) return
    const oldest = this.#outcomes.keys().next()
    if (oldest.done !== true) this.#outcomes.delete(oldest.value)
    this.#partial = true
  }
}
