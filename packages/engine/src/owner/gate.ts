import type { RoomAppend, StoredEntry } from '../log/log.ts'
import type { Room } from './room.ts'

/** Something to be told once what it rests on is durable, or an error if that never comes. */
export interface Output {
  release(): void
  fail(error: Error): void
  /** Somebody waits for it, who would rather be told to come again than wait for long. */
  awaited?: boolean
}

/** Entries that become durable together, and all that waits for them. */
export class Group {
  readonly rooms = new Map<Room, StoredEntry[]>()
  readonly outputs: Output[] = []
  entries = 0

  add(room: Room, entries: readonly StoredEntry[]): void {
    const own = this.rooms.get(room)
    if (own === undefined) this.rooms.set(room, [...entries])
    else own.push(...entries)
    this.entries += entries.length
  }

  appends(): RoomAppend[] {
    return [...this.rooms].map(([room, entries]) => ({
      room: room.id,
      after: (entries[0]?.seq ?? 1) - 1,
      entries,
      deadline: room.deadline(),
    }))
  }
}

/**
 * The output gate (R11) and the natural group commit: one append is in flight, what arrives meanwhile is the next one, and
 * nothing that shows an entry goes out before the entry is durable. After a failed append nothing is released any more.
 */
export class OutputGate {
  #collecting: Group | null = null
  #inFlight: Group | null = null
  #over: Error | null = null
  #settled: (() => void)[] = []
  #scheduled = false
  readonly #defer: (run: () => void) => void
  readonly #append: (batch: RoomAppend[], entries: number) => Promise<void>
  readonly #released: (group: Group) => void
  /** Must close the gate. */
  readonly #failed: (error: Error) => void

  constructor(hooks: {
    defer: (run: () => void) => void
    append: (batch: RoomAppend[], entries: number) => Promise<void>
    released: (group: Group) => void
    failed: (error: Error) => void
  }) {
    this.#defer = hooks.defer
    this.#append = hooks.append
    this.#released = hooks.released
    this.#failed = hooks.failed
  }

  /** Entries to be made durable. */
  add(room: Room, entries: readonly StoredEntry[]): void {
    if (entries.length === 0) return
    this.#collecting ??= new Group()
    this.#collecting.add(room, entries)
    this.#schedule()
  }

  /** Lets an output through at once if the room shows nothing that is not durable, otherwise with the last of it. */
  hold(room: Room, output: Output): void {
    if (this.#over !== null) return output.fail(this.#over)
    if (room.unreleased === 0) return output.release()
    // Behind the last of this room only: behind another room's entries, a later output could overtake it.
    const group = this.#collecting?.rooms.has(room) === true ? this.#collecting : this.#inFlight
    if (group === null) output.release()
    else group.outputs.push(output)
  }

  /** Those who are awaited fail with this error and hear no more; what they waited for goes on, and so do all others. */
  giveUp(error: Error): void {
    for (const group of [this.#inFlight, this.#collecting]) {
      const outputs = group?.outputs.splice(0) ?? []
      for (const output of outputs) {
        if (output.awaited === true) output.fail(error)
        else group?.outputs.push(output)
      }
    }
  }

  /** Resolves once nothing is pending or in flight. */
  settled(): Promise<void> {
    if (this.#collecting === null && this.#inFlight === null) return Promise.resolve()
    return new Promise((resolve) => this.#settled.push(resolve))
  }

  /** Ends it: everything held fails with this error. */
  close(error: Error): void {
    if (this.#over !== null) return
    this.#over = error
    const groups = [this.#inFlight, this.#collecting]
    this.#inFlight = null
    this.#collecting = null
    for (const group of groups) for (const output of group?.outputs ?? []) output.fail(error)
    this.#settle()
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight !== null) return
    this.#scheduled = true
    this.#defer(() => {
      this.#scheduled = false
      void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    const group = this.#collecting
    if (group === null || this.#inFlight !== null || this.#over !== null) return
    this.#collecting = null
    this.#inFlight = group
    try {
      await this.#append(group.appends(), group.entries)
      // The epoch may have ended while the log answered; what was held has failed by then.
      if (this.#over !== null) return
      this.#released(group)
    } catch (error) {
      if (this.#over === null) this.#failed(error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#inFlight = null
    for (const output of group.outputs) output.release()
    if (this.#collecting === null) this.#settle()
    else this.#schedule()
  }

  #settle(): void {
    for (const resolve of this.#settled.splice(0)) resolve()
  }
}
