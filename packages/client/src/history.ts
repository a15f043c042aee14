import type { AnyClientKind, api, Audience, Entry, Seq, UserId } from '@plenary/kinds'
import { CLIENT_LIMITS } from './limits.ts'
import { oldestShown } from './timeline.ts'

/** A room's log behind its view, as far as it was loaded. */
export interface HistoryNow<View> {
  /** Oldest first, each folded from the kind's empty view. */
  pages: readonly View[]
  /** There is older to load. */
  more: boolean
  loading: boolean
}

export interface HistoryParts {
  kind: AnyClientKind
  me: UserId
  /** Newest first page below `before`. Throws `PlenaryError`. */
  fetch(before: Seq, limit: number): Promise<api.EntriesAnswer>
  changed(): void
}

/** What the room shows when history is opened. */
export interface Shown {
  view: unknown
  seq: Seq
  audience: Audience
}

/** The entries of `(after, through]`, and of those about them all up to `known`. */
interface Page {
  view: unknown
  after: Seq
  through: Seq
  known: Seq
  count: number
}

/**
 * Scrolling back. While it is open its pages reach without a gap from the oldest one loaded to now: older pages from the
 * log, then the view as it was when history was opened, then pages that grow with what comes in, so that a message that
 * rolls out of the live view is still there.
 */
export class History {
  readonly #parts: HistoryParts
  #pages: Page[] = []
  #now: HistoryNow<unknown> = { pages: [], more: true, loading: false }
  #loading: Promise<void> | null = null
  /** Tells the load under way from one that was given up. */
  #turn = 0
  /** Entries that came while a page was on its way; some may belong in it. */
  #meanwhile: Entry[] = []

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /** The same object while nothing changed. */
  get now(): HistoryNow<unknown> {
    return this.#now
  }

  /** One page more; a call while one is on its way is the same call. Throws `PlenaryError`. */
  loadOlder(shown: Shown): Promise<void> {
    if (this.#loading !== null) return this.#loading
    if (!this.#now.more) return Promise.resolve()
    const turn = ++this.#turn
    this.#meanwhile = []
    this.#loading = this.#load(shown, turn).finally(() => {
      if (turn === this.#turn) this.#end()
    })
    this.#show({ loading: true })
    return this.#loading
  }

  /** Forgets all pages; the next `loadOlder` starts from what is shown then. */
  forget(): void {
    this.#turn++
    this.#pages = []
    this.#end()
    this.#show({ more: true })
  }

  /** Folds in what the room just applied to its view. */
  live(entries: readonly Entry[], audience: Audience): void {
    if (this.#loading !== null) this.#meanwhile.push(...entries)
    if (this.#pages.length === 0) return
    for (const entry of entries) this.#fold(entry, audience)
    this.#show({})
  }

  async #load(shown: Shown, turn: number): Promise<void> {
    const oldest = this.#pages[0]
    const before = oldest === undefined ? (oldestShown(shown.view) ?? shown.seq + 1) : oldest.after + 1
    if (before <= 1) return this.#show({ more: false })
    let answer = await this.#parts.fetch(before, CLIENT_LIMITS.historyPageEntries)
    for (let slice = 1; slice < CLIENT_LIMITS.historyEmptySlices; slice++) {
      if (turn !== this.#turn || answer.entries.length > 0 || !answer.more) break
      answer = await this.#parts.fetch(answer.after + 1, CLIENT_LIMITS.historyPageEntries)
    }
    if (turn === this.#turn) this.#prepend(answer, before, shown)
  }

  #prepend(answer: api.EntriesAnswer, before: Seq, shown: Shown): void {
    const { kind, me } = this.#parts
    const entries = answer.entries as Entry[]
    const newest = entries.at(-1)?.seq ?? 0
    const page: Page = {
      view: entries.reduce((view, entry) => kind.evolveView(view, entry, me), this.#empty(shown.audience)),
      after: answer.after,
      through: before - 1,
      known: Math.max(newest, before - 1),
      count: entries.length,
    }
    const first = this.#pages.length === 0
    this.#pages.unshift(page)
    if (first && shown.seq >= before) {
      this.#pages.push({ view: shown.view, after: before - 1, through: shown.seq, known: shown.seq, count: 0 })
    }
    if (first) this.#pages.push(this.#growing(shown.seq, shown.audience))
    for (const entry of this.#meanwhile) {
      if (first) this.#fold(entry, shown.audience)
      else this.#amend(page, entry)
    }
    this.#show({ more: answer.more && this.#pages.length < CLIENT_LIMITS.historyPages })
  }

  #fold(entry: Entry, audience: Audience): void {
    const target = this.#parts.kind.about?.(entry) ?? null
    if (target !== null) {
      for (const page of this.#pages) this.#amend(page, entry)
      return
    }
    let last = this.#pages.at(-1)
    if (last === undefined || entry.seq <= last.known) return
    if (last.count >= CLIENT_LIMITS.historyPageEntries) {
      last = this.#growing(last.through, audience)
      this.#pages.push(last)
      if (this.#pages.length > CLIENT_LIMITS.historyPages) {
        this.#pages.shift()
        this.#show({ more: true })
      }
    }
    last.view = this.#parts.kind.evolveView(last.view, entry, this.#parts.me)
    last.through = last.known = entry.seq
    last.count += 1
  }

  #amend(page: Page, entry: Entry): void {
    const target = this.#parts.kind.about?.(entry) ?? null
    if (target === null || target <= page.after || target > page.through || entry.seq <= page.known) return
    page.view = this.#parts.kind.evolveView(page.view, entry, this.#parts.me)
    page.known = entry.seq
  }

  #growing(seq: Seq, audience: Audience): Page {
    return { view: this.#empty(audience), after: seq, through: seq, known: seq, count: 0 }
  }

  #empty(audience: Audience): unknown {
    return this.#parts.kind.empty(audience)
  }

  #end(): void {
    this.#loading = null
    this.#meanwhile = []
    this.#show({ loading: false })
  }

  #show(change: { more?: boolean; loading?: boolean }): void {
    this.#now = { ...this.#now, ...change, pages: this.#pages.map(({ view }) => view) }
    this.#parts.changed()
  }
}
