import type { Cancel } from './clock.ts'

/** A set of listeners. One that throws does not keep the news from the others, or break what told it. */
export class Listeners<Args extends unknown[] = []> {
  readonly #all = new Set<(...args: Args) => void>()

  add(listener: (...args: Args) => void): Cancel {
    const own = (...args: Args) => listener(...args)
    this.#all.add(own)
    return () => void this.#all.delete(own)
  }

  tell(...args: Args): void {
    for (const listener of Array.from(this.#all)) {
      try {
        listener(...args)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  clear(): void {
    this.#all.clear()
  }
}
