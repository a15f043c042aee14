import type { Batch, Cursor, Entry, Failure, Json, JoinAnswer, ViewReset } from '@plenary/kinds'
import { ROOM } from './harness.ts'
import type { TestClient } from './harness.ts'
import { tally } from './tally.ts'

/** A client that keeps to the protocol: applies what follows on from its cursor, and joins again where it does not. */
export class Follower {
  readonly client: TestClient
  readonly room: string
  /** Entries it applied, in order; begins anew with every view. */
  entries: Entry[] = []
  cursor: Cursor = { log: '' as Cursor['log'], seq: 0 }
  /** The view, with all that came after it folded in. */
  view: Json = null
  /** Times that it had to start again from a view. */
  resets = 0
  /** Batches that did not follow on. */
  holes = 0

  private constructor(client: TestClient, room: string) {
    this.client = client
    this.room = room
  }

  static async join(client: TestClient, room: string = ROOM, cursor?: Cursor): Promise<Follower> {
    const follower = new Follower(client, room)
    client.socket.on('batch', (batch) => void follower.#batch(batch))
    client.socket.on('view', (reset) => follower.#reset(reset))
    if (cursor !== undefined) follower.cursor = cursor
    await follower.#join(cursor)
    return follower
  }

  get seqs(): number[] {
    return this.entries.map((entry) => entry.seq)
  }

  /** The answer is taken within its own call: batches may follow it before any promise is looked at. */
  #join(cursor?: Cursor): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.client.socket.emit('join', { room: this.room, ...(cursor === undefined ? {} : { cursor }) }, (answer) => {
      if (!answer.ok) return reject(new Error(`${answer.code}: ${answer.message}`))
      this.#begin(answer)
      resolve()
    })
    return promise
  }

  #begin(answer: Exclude<JoinAnswer, Failure>): void {
    if ('view' in answer) {
      if (answer.reset === true) this.resets++
      this.entries = []
      this.view = answer.view
    } else {
      this.#apply(answer.entries)
    }
    this.cursor = answer.cursor
  }

  async #batch(batch: Batch): Promise<void> {
    if (batch.room !== this.room || batch.through <= this.cursor.seq) return
    if (batch.after > this.cursor.seq) {
      this.holes++
      await this.#join(this.cursor)
      return
    }
    this.#apply(batch.entries.filter((entry) => entry.seq > this.cursor.seq))
    this.cursor = { ...this.cursor, seq: batch.through }
  }

  #apply(entries: readonly Entry[]): void {
    this.entries.push(...entries)
    if (this.view === null) return
    // Only rooms of the tests' own kind are folded; of others the view stays as it came.
    const me = this.client.user
    type Folded = Parameters<typeof tally.evolveView>
    for (const entry of entries)
      this.view = tally.evolveView(this.view as unknown as Folded[0], entry as Folded[1], me) as unknown as Json
  }

  #reset(reset: ViewReset): void {
    if (reset.room !== this.room) return
    this.resets++
    this.entries = []
    this.view = reset.view
    this.cursor = reset.cursor
  }
}

/** 2, 3, … through: what a room shows whose entries are all for everyone. */
export function dense(through: number, from = 2): number[] {
  return Array.from({ length: Math.max(0, through - from + 1) }, (_, at) => from + at)
}
