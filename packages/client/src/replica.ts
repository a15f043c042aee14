import type { AnyClientKind, Cursor, Entry, JoinView, Seq, UserId, ViewReset } from '@plenary/kinds'

/** An explicit jump: entries of `(from, to]` were not told one by one; the view has their outcome (R5). */
export interface Reset {
  from: Seq
  to: Seq
}

/** Where a view starts from. */
export type Start = Pick<JoinView | ViewReset, 'cursor' | 'view' | 'content' | 'mine' | 'mineSeq'>

/** A viewer's copy of a room: the view and the own part, folded forward entry by entry along one log. */
export class Replica {
  readonly #kind: AnyClientKind
  readonly #me: UserId
  #cursor: Cursor | null = null
  #view: unknown = null
  #mine: unknown = null
  #mineSeq: Seq = 0
  /** How far entries were told to listeners; past the cursor where the view had to step back. */
  #told: Cursor | null = null

  constructor(kind: AnyClientKind, me: UserId) {
    this.#kind = kind
    this.#me = me
  }

  /** Everything up to here is in the view; null before the first. */
  get cursor(): Cursor | null {
    return this.#cursor
  }
  get view(): unknown {
    return this.#view
  }
  get mine(): unknown {
    return this.#mine
  }

  /** Starts over; the answer is the jump, when entries of this log were passed over. */
  replace({ cursor, view, mine, mineSeq }: Start): Reset | null {
    const told = this.#told
    this.#cursor = cursor
    this.#view = view
    this.#mine = mine ?? null
    this.#mineSeq = mineSeq ?? cursor.seq
    if (told !== null && told.log === cursor.log && told.seq >= cursor.seq) return null
    this.#told = cursor
    return told === null || told.log !== cursor.log ? null : { from: told.seq, to: cursor.seq }
  }

  /** Folds in those that are new. `applied` went into the view; `untold` are those of them nobody was told yet. */
  advance(entries: readonly Entry[], through: Seq): { applied: Entry[]; untold: Entry[] } {
    const cursor = this.#cursor
    if (cursor === null || through < cursor.seq) return { applied: [], untold: [] }
    const applied = entries.filter(({ seq }) => seq > cursor.seq)
    for (const entry of applied) {
      this.#view = this.#kind.evolveView(this.#view, entry, this.#me)
      if (entry.seq > this.#mineSeq && this.#mine !== null && this.#kind.evolveMine !== undefined) {
        this.#mine = this.#kind.evolveMine(this.#mine, entry, this.#me)
      }
    }
    this.#cursor = { log: cursor.log, seq: through }
    const told = this.#told?.log === cursor.log ? this.#told.seq : 0
    if (through > told) this.#told = this.#cursor
    return { applied, untold: applied.filter(({ seq }) => seq > told) }
  }

  /** The own part anew. An earlier one than what is here was overtaken. */
  own(mine: unknown, seq: Seq): void {
    if (this.#cursor === null || seq < Math.max(this.#mineSeq, this.#cursor.seq)) return
    this.#mine = mine
    this.#mineSeq = seq
  }

  /** The next join gets a whole view; the present one is shown until then. */
  forget(): void {
    this.#cursor = null
  }
}
