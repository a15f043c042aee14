import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { chat, PlenaryError, type RoomId, type Seq } from '@plenary/kinds'
import { attend, listen, Marker, type Talker } from '../../packages/client/src/crowd/attendee.ts'
import { Ledger, type Counts } from '../../packages/client/src/crowd/measure.ts'
import { Answers } from './answers.ts'
import type { FaultCluster } from './fault-cluster.ts'
import { keptEntries, notDense } from './kept.ts'

const JOINING_AT_ONCE = 10
const SETTLED_MS_MAX = 60_000
const SETTLED_POLL_MS = 100

export interface TalkOptions {
  title: string
  people: number
  /** Messages a second, all together. */
  rate: number
  signal: AbortSignal
}

/** What became of what was said. */
export interface Told extends Counts {
  /** Neither saved nor refused at the end. */
  unanswered: number
  /** Acknowledged with another place than the log has it in. */
  misplaced: number
  /** Places of the log that are missing, or taken twice. */
  notDense: number
  resets: number
  /** Longest that someone waited for a message that was acknowledged already. */
  lagMsMax: number
}

/** People who talk over the SDK in a room of their own for as long as it lasts, and what each of them was told. */
export class Talk implements Disposable {
  readonly code: string
  readonly room: RoomId
  readonly shard: number
  readonly answers = new Answers()
  readonly #cluster: FaultCluster
  readonly #signal: AbortSignal
  readonly #attendees: Talker[] = []
  readonly #ledger = new Ledger()
  readonly #marker = new Marker(randomBytes(4).toString('hex'))
  readonly #over = new AbortController()
  /** By message: when it was acknowledged, and as which place. */
  readonly #acknowledged = new Map<number, { at: number; seq: Seq }>()
  readonly #rate: number
  #sent = 0
  #resets = 0
  #lagMsMax = 0
  #talking: Promise<void> = Promise.resolve()

  private constructor(
    cluster: FaultCluster,
    room: { code: string; room: RoomId; shard: number },
    options: TalkOptions,
  ) {
    this.#cluster = cluster
    this.code = room.code
    this.room = room.room
    this.shard = room.shard
    this.#rate = options.rate
    this.#signal = AbortSignal.any([options.signal, this.#over.signal])
  }

  /** In a fresh room; everybody is there and talks when it resolves. Throws `PlenaryError` when somebody cannot come in. */
  static async start(cluster: FaultCluster, options: TalkOptions): Promise<Talk> {
    const talk = new Talk(cluster, await cluster.newRoom(options.title), options)
    try {
      let next = 0
      const door = async () => {
        while (next < options.people) await talk.#comeIn(`Person ${++next}`)
      }
      await Promise.all(Array.from({ length: JOINING_AT_ONCE }, door))
      talk.#talking = talk.#talk()
      return talk
    } catch (error) {
      talk[Symbol.dispose]()
      throw error
    }
  }

  /** Sent and not answered at this moment. */
  get underWay(): number {
    return this.#sent - this.answers.count
  }

  /** The last place that somebody was told for a command of their own; 0 for none. */
  get lastSeq(): Seq {
    return [...this.#acknowledged.values()].reduce((most, { seq }) => Math.max(most, seq), 0)
  }

  /** Everybody says something at once. */
  burst(): void {
    for (const attendee of this.#attendees) this.#say(attendee)
  }

  /** Ends it, waits until everybody has everything, and holds what was told and acknowledged against the log. */
  async end(): Promise<Told> {
    this.#over.abort()
    await this.#talking
    const until = performance.now() + SETTLED_MS_MAX
    while (!this.#ledger.settled && performance.now() < until) await wait(SETTLED_POLL_MS)
    const places = new Map<number, Seq[]>()
    const entries = await keptEntries(this.#cluster, this.room, this.lastSeq)
    for (const { seq, type, text } of entries) {
      const message = this.#marker.read({ type, body: { text } })
      if (message !== null) places.set(message, [...(places.get(message) ?? []), seq])
    }
    const misplaced = [...this.#acknowledged].filter(
      ([message, { seq }]) => places.get(message)?.includes(seq) !== true,
    )
    const counts = this.#ledger.counts(places)
    this[Symbol.dispose]()
    return {
      ...counts,
      unanswered: counts.sent - counts.acknowledged - counts.refused,
      misplaced: misplaced.length,
      notDense: notDense(entries),
      resets: this.#resets,
      lagMsMax: Math.round(this.#lagMsMax),
    }
  }

  [Symbol.dispose](): void {
    this.#over.abort()
    for (const { session } of this.#attendees) session.close()
  }

  async #comeIn(name: string): Promise<void> {
    const attendee = await attend(chat, {
      url: this.#cluster.url,
      code: this.code,
      name,
      signal: this.#signal,
    })
    this.#attendees.push(attendee)
    listen(attendee, this.#ledger, this.#marker)
    attendee.room.onReset(() => this.#resets++)
    attendee.room.onEntry((entry) => {
      const message = this.#marker.read(entry)
      const acknowledged = message === null ? undefined : this.#acknowledged.get(message)
      if (acknowledged === undefined) return
      this.#lagMsMax = Math.max(this.#lagMsMax, performance.now() - acknowledged.at)
    })
  }

  async #talk(): Promise<void> {
    let dueAt = performance.now()
    for (let turn = 0; !this.#signal.aborted; turn++) {
      dueAt = Math.max(dueAt + 1_000 / this.#rate, performance.now() - 1_000)
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) await wait(waitMs, undefined, { signal: this.#signal }).catch(() => undefined)
      const speaker = this.#attendees[turn % this.#attendees.length]
      if (speaker === undefined || this.#signal.aborted) return
      this.#say(speaker)
    }
  }

  #say({ room }: Talker): void {
    const sentAt = performance.now()
    const message = this.#ledger.send(sentAt)
    this.#sent++
    room.send('post', { text: this.#marker.text(message) }).then(
      ({ seq }) => {
        const at = performance.now()
        this.#ledger.acknowledged(message, at)
        this.#acknowledged.set(message, { at, seq })
        this.answers.add(sentAt, at)
      },
      (error: unknown) => {
        // One that was put off for good when the run ends is neither saved nor refused.
        if (!(error instanceof PlenaryError) || !error.temporary) this.#ledger.refused(message)
      },
    )
  }
}
