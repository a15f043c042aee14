import type { Json, RoomId, Seq, UserId } from '@plenary/kinds'
import type { Runtime } from '../runtime/runtime.ts'
import type { Asking } from './asking.ts'

/** Users in one request to the owner. */
const USERS_MAX = 500

export interface MineAnswer {
  seq: Seq
  mine: Json
}

/** Joins of the same moment ask the owner for their users' own parts together. */
export class MineRequests {
  readonly #asking: Asking
  readonly #runtime: Runtime
  readonly #room: RoomId
  #waiting: { user: UserId; resolve: (answer: MineAnswer) => void; reject: (error: unknown) => void }[] = []

  constructor(asking: Asking, runtime: Runtime, room: RoomId) {
    this.#asking = asking
    this.#runtime = runtime
    this.#room = room
  }

  get(user: UserId): Promise<MineAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#runtime.defer(() => void this.#send())
      this.#waiting.push({ user, resolve, reject })
    })
  }

  async #send(): Promise<void> {
    const asked = this.#waiting.splice(0)
    for (let from = 0; from < asked.length; from += USERS_MAX) {
      const some = asked.slice(from, from + USERS_MAX)
      try {
        const { seq, mine } = await this.#asking.mine(this.#room, [...new Set(some.map((each) => each.user))])
        for (const { user, resolve } of some) resolve({ seq, mine: mine[user] ?? null })
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
  }
}
