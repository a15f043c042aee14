import type { Runtime } from '../../packages/client/src/clock.ts'
import type { CommandId } from '@plenary/kinds'
import { BEGAN_AT } from './cast.ts'
import type { Draw } from './draws.ts'
import { uuidOf } from './node-clock.ts'
import type { Scheduler } from './scheduler.ts'

/** A page on a person's device, from its opening until it is closed: its clock and its chance end with it. */
export class Device {
  readonly person: number
  readonly runtime: Runtime
  readonly #scheduler: Scheduler
  #open = true
  #stalledUntil = -Infinity
  /** The id that was made last. */
  lastCommand: CommandId | null = null

  constructor(scheduler: Scheduler, person: number, draw: Draw, nextId: () => number) {
    this.#scheduler = scheduler
    this.person = person
    const label = `person-${person} timer`
    this.runtime = {
      now: () => Math.floor(BEGAN_AT + scheduler.now),
      setTimeout: (run, ms) => {
        const due = scheduler.after(ms, label, () => this.take(run))
        return () => due.cancel()
      },
      random: () => draw.next(),
      commandId: () => {
        const id = uuidOf(draw, nextId()) as CommandId
        this.lastCommand = id
        return id
      },
      online: () => true,
      watchDevice: () => () => undefined,
    }
  }

  get open(): boolean {
    return this.#open
  }

  get stalled(): boolean {
    return this.#scheduler.now < this.#stalledUntil
  }

  get stalledUntil(): number {
    return this.#stalledUntil
  }

  /** Something comes in; a page that is closed hears nothing. */
  take(run: () => void): void {
    if (this.#open) run()
  }

  stall(forMs: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#scheduler.now + forMs)
  }

  goOn(): void {
    this.#stalledUntil = -Infinity
  }

  close(): void {
    this.#open = false
  }
}
