/** What stands in a list of what is due. */
export interface Due {
  dueAtMs: number
  before: Due | null
  after: Due | null
  list: DueList | null
  /** The time in its list is over, which it is out of. */
  due(list: DueList): void
}

/**
 * Things that are due the same time after they were put in, so that they stand in the order in which they are due: one timer looks at
 * the first of them, whatever their number. They are the list themselves, and cost nothing beside it.
 */
export class DueList {
  readonly #afterMs: number
  #first: Due | null = null
  #last: Due | null = null

  constructor(afterMs: number) {
    this.#afterMs = afterMs
  }

  get first(): Due | null {
    return this.#first
  }

  /** Out of the list that it is in, if any, and in here as the last. */
  put(what: Due, nowMs: number): void {
    what.list?.take(what)
    what.dueAtMs = nowMs + this.#afterMs
    what.before = this.#last
    what.list = this
    if (this.#last === null) this.#first = what
    else this.#last.after = what
    this.#last = what
  }

  take(what: Due): void {
    if (what.list !== this) return
    if (what.before === null) this.#first = what.after
    else what.before.after = what.after
    if (what.after === null) this.#last = what.before
    else what.after.before = what.before
    what.before = null
    what.after = null
    what.list = null
  }

  /** Tells those whose time has come. */
  look(nowMs: number): void {
    for (let first = this.#first; first !== null && first.dueAtMs <= nowMs; first = this.#first) {
      this.take(first)
      first.due(this)
    }
  }
}
