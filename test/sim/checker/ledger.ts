import { type AnyKind, type Audience, type Entry, type Json, type UserId } from '@plenary/kinds'
import type { StoredEntry } from '../../../packages/engine/src/log/log.ts'
import { KIND } from '../cast.ts'

/** An entry that is in the log. */
export interface Kept {
  stored: StoredEntry
  entry: Entry
}

/** What is durable of one room, as the checker itself has written it down; and what that comes to. */
export class RoomLedger {
  readonly kept: Kept[] = []
  /** The last seq of each command's entries. */
  readonly byCommand = new Map<string, { seq: number; entries: number }>()
  /** From which seq on somebody is barred. */
  readonly barredFrom = new Map<string, number>()
  readonly #kind: AnyKind = KIND
  readonly #texts = new Map<string, string>()

  get head(): number {
    return this.kept.length
  }

  add(stored: StoredEntry): Kept {
    const kept = { stored, entry: JSON.parse(stored.json) as Entry }
    this.kept.push(kept)
    const known = this.byCommand.get(stored.id)
    this.byCommand.set(stored.id, { seq: stored.seq, entries: (known?.entries ?? 0) + 1 })
    if (kept.entry.type === 'barred') {
      const { user } = kept.entry.body as { user: string }
      if (!this.barredFrom.has(user)) this.barredFrom.set(user, stored.seq)
    }
    return kept
  }

  at(seq: number): Kept | undefined {
    return this.kept[seq - 1]
  }

  /** What a person may see of `(after, through]`, in order. */
  visible(after: number, through: number, audience: Audience, user: UserId): Kept[] {
    return this.kept.slice(Math.max(0, after), through).filter(({ stored: { sees } }) => {
      return sees === 'everyone' || (sees === 'staff' && audience === 'staff') || sees === `only:${user}`
    })
  }

  /** The state once everything up to `seq` is folded in. The caller may not change it. */
  state(seq: number): unknown {
    let state: unknown = this.#kind.initial({})
    for (const { entry } of this.kept.slice(0, seq)) {
      if (!entry.type.startsWith('$')) state = this.#kind.evolve(state, structuredClone(entry))
    }
    return state
  }

  /** As JSON. */
  stateText(seq: number): string {
    return this.#text(`state ${seq}`, () => this.state(seq))
  }

  viewText(seq: number, audience: Audience): string {
    return this.#text(`view ${seq} ${audience}`, () => this.#kind.view(this.state(seq), audience))
  }

  mineText(seq: number, user: UserId): string {
    return this.#text(`mine ${seq} ${user}`, () => this.#kind.mine?.(this.state(seq), user, () => null) ?? null)
  }

  digestText(seq: number): string {
    return this.#text(`digest ${seq}`, () => this.#kind.digest?.(this.state(seq), 'everyone') ?? null)
  }

  #text(key: string, compute: () => unknown): string {
    let text = this.#texts.get(key)
    if (text === undefined) {
      text = canonical(compute())
      this.#texts.set(key, text)
    }
    return text
  }
}

/** JSON with the members of every object in the order of their names, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part as Record<string, Json>).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
