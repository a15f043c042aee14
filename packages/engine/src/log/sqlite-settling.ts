import type { CommandId, RoomId, Seq } from '@plenary/kinds'
import type { ArrivalRow, ArrivedRoom, Generation } from './sqlite-arrivals.ts'
import type { SettleLimits } from './sqlite-limits.ts'

/** A room costs a row and a page as well. */
const ROOM_COST = 4
const CHARS_PER_COST = 2_048

/** A room's entries up to a seq, on their way to their places. */
export interface Move {
  arrived: ArrivedRoom
  through: Seq
}

export interface Id {
  room: RoomId
  seq: Seq
  id: CommandId
}

/** A generation that takes no more, and how far it is in its places. Says what comes next; whoever did it says so. */
export class Settling {
  readonly generation: Generation
  readonly #limits: SettleLimits
  readonly #rooms: readonly ArrivedRoom[]
  #roomsDone = 0
  #moved = 0
  #idsDone = 0
  #ids = { part: 0, entry: 0 }
  #rowsDone = 0

  constructor(generation: Generation, limits: SettleLimits) {
    this.#limits = limits
    this.generation = generation
    this.#rooms = [...generation.rooms()]
  }

  /** From 0 to 1; an entry is three times the work of its id. */
  get progress(): number {
    return (this.#moved * 0.75 + this.#idsDone * 0.25) / Math.max(this.generation.entries, 1)
  }

  /** After so many entries were put in their places. */
  moved(entries: number): void {
    this.#moved += entries
  }

  /** None when all entries are in their places. */
  moves(): Move[] {
    while (this.#rooms[this.#roomsDone]?.open === false) this.#roomsDone++
    const moves: Move[] = []
    let cost = 0
    for (let at = this.#roomsDone; at < this.#rooms.length && cost < this.#limits.sliceCostMax; at++) {
      const arrived = this.#rooms[at]
      if (arrived?.open !== true) continue
      cost += ROOM_COST
      let through = arrived.head
      for (const { seq, json } of arrived.waiting()) {
        cost += 1 + json.length / CHARS_PER_COST
        if (cost >= this.#limits.sliceCostMax) {
          through = seq
          break
        }
      }
      moves.push({ arrived, through })
    }
    return moves
  }

  /** None when all are in the table `command`. Calls `done` with them after that. */
  ids(): { ids: Id[]; done: () => void } {
    const { parts } = this.generation
    const ids: Id[] = []
    let { part: at, entry } = this.#ids
    for (let part = parts[at]; part !== undefined && ids.length < this.#limits.sliceIdsMax; part = parts[at]) {
      const next = part.entries[entry]
      if (next !== undefined) {
        ids.push({ room: part.room, seq: next.seq, id: next.id })
        entry++
      } else {
        at++
        entry = 0
      }
    }
    const done = () => {
      this.#ids = { part: at, entry }
      this.#idsDone += ids.length
    }
    return { ids, done }
  }

  /** Rows of the table `arrival` that are needed no longer, when all the rest is done. */
  rows(): ArrivalRow[] {
    const rows: ArrivalRow[] = []
    let chars = 0
    for (let at = this.#rowsDone; at < this.generation.rows.length && chars < this.#limits.sliceRowCharsMax; at++) {
      const row = this.generation.rows[at]
      if (row === undefined) break
      rows.push(row)
      chars += row.chars
    }
    return rows
  }

  deleted(rows: readonly ArrivalRow[]): void {
    this.#rowsDone += rows.length
  }

  get over(): boolean {
    return this.#rowsDone >= this.generation.rows.length
  }
}
