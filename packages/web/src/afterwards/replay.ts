import type { AnyKind, Entry, Millis, UserId, ViewOf } from '@plenary/kinds'

/** A view is kept every so many entries, so that any moment is at most so many away. */
const ENTRIES_PER_MARK = 250

/** A room as everyone saw it at any moment of its log. */
export class Replay<K extends AnyKind> {
  readonly #kind: AnyKind
  readonly #me: UserId
  readonly #entries: readonly Entry[]
  readonly #marks: unknown[]

  constructor(kind: K, entries: readonly Entry[], me: UserId) {
    const empty: unknown = kind.initial(kind.settings.parse({}))
    this.#kind = kind
    this.#me = me
    // What staff saw beside it has no place in what everyone saw.
    this.#entries = entries.filter((entry) => kind.visibility(entry, empty) === 'everyone')
    this.#marks = [kind.view(empty, 'everyone')]
  }

  get first(): Millis | null {
    return this.#entries[0]?.at ?? null
  }
  get last(): Millis | null {
    return this.#entries.at(-1)?.at ?? null
  }

  /** With everything that happened at or before `at`. */
  viewAt(at: Millis): ViewOf<K> {
    const count = this.#countAt(at)
    const mark = Math.floor(count / ENTRIES_PER_MARK)
    while (this.#marks.length <= mark) {
      const done = this.#marks.length - 1
      this.#marks.push(this.#fold(this.#marks[done], done * ENTRIES_PER_MARK, (done + 1) * ENTRIES_PER_MARK))
    }
    return this.#fold(this.#marks[mark], mark * ENTRIES_PER_MARK, count) as ViewOf<K>
  }

  #fold(view: unknown, from: number, to: number): unknown {
    let folded = view
    for (const entry of this.#entries.slice(from, to)) folded = this.#kind.evolveView(folded, entry, this.#me)
    return folded
  }

  #countAt(at: Millis): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle]?.at ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}
