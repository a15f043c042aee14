/** What many said, added up by type and word until it is taken. Bounded by what the kind's signals may carry. */
export class Gathering {
  #sums = new Map<string, Map<string, number>>()

  add(type: string, counts: Readonly<Record<string, number>>): void {
    const sums = this.#sums.get(type) ?? new Map<string, number>()
    for (const [word, count] of Object.entries(counts)) sums.set(word, (sums.get(word) ?? 0) + count)
    this.#sums.set(type, sums)
  }

  /** By type, the sums since the last time. */
  take(): [type: string, sums: Record<string, number>][] {
    const taken = [...this.#sums].map(([type, sums]): [string, Record<string, number>] => [
      type,
      Object.fromEntries(sums),
    ])
    if (taken.length > 0) this.#sums = new Map()
    return taken
  }
}
