import type { Ending, Noted, Violation } from '../happening.ts'
import type { Plan } from '../plan.ts'
import { RoomLedger } from './ledger.ts'

/** More than so many are no news. */
const VIOLATIONS_MAX = 20

/** What all rules read and write: what is durable, and what was found wrong. */
export class Book {
  readonly plan: Plan
  readonly violations: Violation[] = []
  readonly #rooms = new Map<string, RoomLedger>()
  /** The highest epoch of each shard that the log has accepted. */
  readonly epochs = new Map<string, number>()

  /** The run has ended. */
  over = false

  constructor(plan: Plan) {
    this.plan = plan
  }

  get rooms(): ReadonlyMap<string, RoomLedger> {
    return this.#rooms
  }

  room(id: string): RoomLedger {
    let room = this.#rooms.get(id)
    if (room === undefined) {
      room = new RoomLedger()
      this.#rooms.set(id, room)
    }
    return room
  }

  broken(promise: string, text: string, where: Pick<Noted, 'at' | 'step'>, about: About = {}): void {
    if (this.violations.length >= VIOLATIONS_MAX) return
    this.violations.push({
      promise,
      step: where.step,
      at: where.at,
      text,
      ...about,
      ...(this.over ? { atEnd: true } : {}),
    })
  }
}

interface About {
  room?: string
  person?: number
}

/** One promise, or a few that rest on the same facts. */
export interface Rule {
  note(happening: Noted): void
  /** Once, and last; `where` is the end. */
  finish?(ending: Ending, where: Where): void
}

/** When something was. */
export type Where = Pick<Noted, 'at' | 'step'>
