import type { Audience } from '@plenary/kinds'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import type { Outgoing } from './outgoing.ts'

type Tell = (audience: Audience, digest: Outgoing) => void

/**
 * The newest digest of a room for each audience, told no more often than its kind says. The owner keeps that pace too, but what
 * it says may come late and then all at once, and the next owner knows nothing of when the last one spoke.
 */
export class Digests {
  readonly #runtime: Runtime
  readonly #everyMs: number
  readonly #tell: Tell
  readonly #newest: Partial<Record<Audience, Outgoing>> = {}
  readonly #dueAt: Record<Audience, number> = { everyone: -Infinity, staff: -Infinity }
  readonly #timers: Partial<Record<Audience, Timer>> = {}
  #closed = false

  constructor(runtime: Runtime, everyMs: number, tell: Tell) {
    this.#runtime = runtime
    this.#everyMs = everyMs
    this.#tell = tell
  }

  /** What somebody who comes in now begins with. */
  newest(audience: Audience): Outgoing | undefined {
    return this.#newest[audience]
  }

  hear(audience: Audience, digest: Outgoing): void {
    this.#newest[audience] = digest
    if (this.#closed) return
    if (this.#timers[audience] === undefined) this.#tellWhenDue(audience)
  }

  close(): void {
    this.#closed = true
    for (const timer of Object.values(this.#timers)) timer.cancel()
  }

  #tellWhenDue(audience: Audience): void {
    delete this.#timers[audience]
    const dueIn = this.#dueAt[audience] - this.#runtime.monotonic()
    if (dueIn > 0) {
      this.#timers[audience] = this.#runtime.after(dueIn, () => this.#tellWhenDue(audience))
      return
    }
    const digest = this.#newest[audience]
    if (digest !== undefined) this.#tell(audience, digest)
    // Counted from when the last socket had it, which in a full room is a while later.
    this.#dueAt[audience] = this.#runtime.monotonic() + this.#everyMs
  }
}
