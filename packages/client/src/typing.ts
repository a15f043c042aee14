import type { UserId } from '@plenary/kinds'
import type { Cancel, Runtime } from './clock.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { Listeners } from './listeners.ts'

export interface Typist {
  id: UserId
  name: string
}

/** Who types in a room now, from its `typing { on }` signals; one that is not repeated ends by itself. */
export class Typing {
  readonly #runtime: Runtime
  readonly #changed = new Listeners()
  readonly #ends = new Map<UserId, Cancel>()
  #now: readonly Typist[] = []

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** The same array while nothing changed. */
  get now(): readonly Typist[] {
    return this.#now
  }

  readonly subscribe = (listener: () => void): Cancel => this.#changed.add(listener)

  started(who: Typist): void {
    this.#ends.get(who.id)?.()
    this.#ends.set(
      who.id,
      this.#runtime.setTimeout(() => this.stopped(who.id), CLIENT_LIMITS.typingMs),
    )
    if (this.#now.some(({ id }) => id === who.id)) return
    this.#now = [...this.#now, { id: who.id, name: who.name }]
    this.#changed.tell()
  }

  stopped(user: UserId): void {
    this.#ends.get(user)?.()
    if (!this.#ends.delete(user)) return
    this.#now = this.#now.filter(({ id }) => id !== user)
    this.#changed.tell()
  }

  /** Nobody types any more. */
  clear(): void {
    for (const user of Array.from(this.#ends.keys())) this.stopped(user)
  }

  close(): void {
    for (const cancel of this.#ends.values()) cancel()
    this.#ends.clear()
    this.#changed.clear()
  }
}
