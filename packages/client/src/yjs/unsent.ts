import * as Y from 'yjs'

/** Merged at most so far into one command; a single change may be larger. */
const COMMAND_BYTES = 512 * 1024

/** Changes made here that no command carries yet, oldest first. */
export class Unsent {
  #updates: Uint8Array[] = []

  get empty(): boolean {
    return this.#updates.length === 0
  }

  add(update: Uint8Array): void {
    this.#updates.push(update)
  }

  /** What the server lacks is known anew; null for nothing. */
  replace(lacking: Uint8Array | null): void {
    this.#updates = lacking === null ? [] : [lacking]
  }

  /** As many of the oldest as go into one command, merged; null when there are none. */
  take(): Uint8Array | null {
    let bytes = 0
    let count = 0
    for (const update of this.#updates) {
      if (count > 0 && bytes + update.length > COMMAND_BYTES) break
      bytes += update.length
      count++
    }
    const taken = this.#updates.splice(0, count)
    const [first] = taken
    if (first === undefined) return null
    return taken.length === 1 ? first : Y.mergeUpdates(taken)
  }
}
