import type { Output } from './gate.ts'
import type { CommandDone } from './orders.ts'

/** Where people wait for their answers: a shard, and one of its rooms. */
export interface Crowd {
  waiting: number
}

/** As it goes over the bus: made here, since a promise of something else would cost each command one more. */
export interface Answered {
  header: CommandDone
}

/**
 * Whoever gave a command, until they are answered: they are counted among those who wait for as long as they do. At the gate they are
 * the output that waits for the command's entries.
 */
export class Asker implements Output {
  readonly awaited = true
  readonly #shard: Crowd
  #room: Crowd | null = null
  readonly #settling = Promise.withResolvers<Answered>()
  #waits = true
  #outcome: Answered | Error | null = null

  constructor(shard: Crowd) {
    this.#shard = shard
    shard.waiting++
  }

  get answer(): Promise<Answered> {
    return this.#settling.promise
  }

  enter(room: Crowd): void {
    this.#room = room
    room.waiting++
  }

  /** What they are to be told, once that may be told. */
  hears(outcome: CommandDone | Error): this {
    this.#outcome = outcome instanceof Error ? outcome : { header: outcome }
    return this
  }

  /** Nothing for whoever is answered already. */
  release(): void {
    const outcome = this.#outcome
    if (outcome === null || outcome instanceof Error) return this.fail(outcome ?? new Error('There is no answer.'))
    if (this.#leave()) this.#settling.resolve(outcome)
  }

  fail(error: unknown): void {
    if (this.#leave()) this.#settling.reject(error)
  }

  #leave(): boolean {
    if (!this.#waits) return false
    this.#waits = false
    this.#shard.waiting--
    if (this.#room !== null) this.#room.waiting--
    return true
  }
}
