import { LIMITS } from '@plenary/kinds'
import type { Seq } from '@plenary/kinds'
import type { StoredEntry } from '../log/log.ts'

/** A room's newest durable entries, dense and bounded, so that small gaps are filled from memory. */
export class RecentEntries {
  #entries: StoredEntry[] = []
  #chars = 0
  /** Dropped from the front in steps: shifting an array by one is linear. */
  #start = 0

  add(entry: StoredEntry): void {
    this.#entries.push(entry)
    this.#chars += entry.json.length
    while (this.#entries.length - this.#start > LIMITS.snapshotEntries || this.#chars > LIMITS.ringBytes) {
      const dropped = this.#entries[this.#start]
      if (dropped === undefined) break
      this.#chars -= dropped.json.length
      this.#start++
    }
    if (this.#start > LIMITS.snapshotEntries) {
      this.#entries = this.#entries.slice(this.#start)
      this.#start = 0
    }
  }

  /** All entries past `after`; null when some of them are no longer here. */
  since(after: Seq, head: Seq): StoredEntry[] | null {
    if (after >= head) return []
    const first = this.#entries[this.#start]
    if (first === undefined || first.seq > after + 1) return null
    return this.#entries.slice(this.#start + (after + 1 - first.seq))
  }
}
