import { LIMITS } from '@plenary/kinds'
import type { UserId } from '@plenary/kinds'

/** How many connections each person has here: nobody takes the places of others by opening ever more. */
export class Headcount {
  readonly #of = new Map<UserId, number>()

  /** Whether this person may have one more. */
  hasRoomFor(user: UserId): boolean {
    return (this.#of.get(user) ?? 0) < LIMITS.connectionsPerPerson
  }

  enter(user: UserId): void {
    this.#of.set(user, (this.#of.get(user) ?? 0) + 1)
  }

  leave(user: UserId): void {
    const left = (this.#of.get(user) ?? 0) - 1
    if (left > 0) this.#of.set(user, left)
    else this.#of.delete(user)
  }
}
