import { LIMITS } from '@plenary/kinds'
import type { Audience, RoomId, Seq, UserId } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Bus, BusMessage, Subscription } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import { streamTopic } from '../owner/orders.ts'
import type { HeadNotice } from '../owner/orders.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { entriesFor } from '../wire/frame.ts'
import type { BatchFrame, FrameHeader } from '../wire/frame.ts'
import type { Asking } from './asking.ts'
import { frameOnce } from './outlet.ts'
import { Ring } from './ring.ts'
import type { RingItem } from './ring.ts'

/** A view this many entries behind is fetched anew rather than brought up to date. */
const VIEW_BEHIND_MAX_ENTRIES = 64
/** More text than this is not sent as a resume: the present view is smaller. */
const RESUME_MAX_BYTES = LIMITS.socketConflateBytes
const REPAIR_RETRY_MS = 250

export interface StreamDeps {
  runtime: Runtime
  bus: Bus
  asking: Asking
  logger: Logger
  metrics: Metrics
}

export interface StreamListener {
  /** A batch that follows on from the last, for all sockets of this audience. */
  batch(item: RingItem): void
  /** A hole too long to fill: every socket must start again from the view. */
  lost(): void
  /** A hole was filled, and with it may have come changes of who is barred. */
  repaired(): void
}

/** What a resuming client is sent. */
export interface Missed {
  /** Entries as text, to stand between brackets. */
  entries: string
  through: Seq
}

/** One audience's stream of one room, on one gateway: its subscription, the ring of recent batches, and the newest view. */
export class Stream {
  /** How far this gateway has the stream, without a hole. */
  head: Seq
  readonly #deps: StreamDeps
  readonly #room: RoomId
  readonly #audience: Audience
  readonly #listener: StreamListener
  readonly #ring = new Ring()
  readonly #decoder = new TextDecoder()
  #subscription: Subscription | null = null
  #view: { seq: Seq; text: string } | null = null
  #viewing: Promise<{ seq: Seq; text: string }> | null = null
  readonly #filling = new Map<Seq, Promise<BatchFrame | null>>()
  /** The furthest place that was heard of. */
  #wanted: Seq
  #repairing = false
  #closed = false

  private constructor(deps: StreamDeps, room: RoomId, audience: Audience, head: Seq, listener: StreamListener) {
    this.#deps = deps
    this.#room = room
    this.#audience = audience
    this.#listener = listener
    this.head = head
    this.#wanted = head
  }

  /** Subscribes first: what is published meanwhile must not fall between the head and the subscription. */
  static async open(
    deps: StreamDeps,
    room: RoomId,
    audience: Audience,
    head: Seq,
    listener: StreamListener,
  ): Promise<Stream> {
    const stream = new Stream(deps, room, audience, head, listener)
    stream.#subscription = await deps.bus.subscribe(streamTopic(room, audience), (message) => stream.#receive(message))
    return stream
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#ring.clear()
    await this.#subscription?.close()
  }

  /** A view that the ring leads on from, fetched once for all who ask at the same time. */
  async view(): Promise<{ seq: Seq; text: string }> {
    const kept = this.#view
    if (kept !== null && this.head - kept.seq <= VIEW_BEHIND_MAX_ENTRIES && this.since(kept.seq) !== null) return kept
    this.#viewing ??= this.#fetchView().finally(() => (this.#viewing = null))
    return this.#viewing
  }

  /** Batches that lead from `seq` to the head; null when the ring does not reach back so far. */
  since(seq: Seq): RingItem[] | null {
    if (seq >= this.head) return []
    const items = this.#ring.since(seq)
    return items === null || items.length === 0 ? null : items
  }

  /** Exactly what a user has missed since `seq`; null when it cannot be told entry by entry. */
  async missedBy(user: UserId, seq: Seq): Promise<Missed | null> {
    if (seq === this.head) return { entries: '', through: seq }
    const items = seq < this.head ? this.since(seq) : null
    // A cursor in the middle of a batch is rare: it was a view's, left before the next batch came.
    const exact = items !== null && items[0]?.frame.header.after === seq
    const frames = exact ? items.map((item) => item.frame) : await this.#fillOnce(seq).then((frame) => frame && [frame])
    if (frames === null) return null
    const parts = frames.map((frame) => entriesFor(frame, user)).filter((part) => part.length > 0)
    if (parts.reduce((sum, part) => sum + part.length, 0) > RESUME_MAX_BYTES) return null
    const through = frames.at(-1)?.header.through ?? seq
    return { entries: parts.map((part) => this.#decoder.decode(part)).join(','), through }
  }

  #receive(message: BusMessage): void {
    if (this.#closed) return
    const header = message.header as FrameHeader | HeadNotice
    if ('head' in header) {
      if (header.head > this.head) this.#want(header.head)
    } else if (message.payload !== undefined && header.through > this.head) {
      if (header.after > this.head) this.#want(header.through)
      else this.#accept({ header, packet: message.payload })
    }
  }

  #accept(frame: BatchFrame): void {
    const { header } = frame
    const common = header.only === undefined ? frame.packet : frame.packet.subarray(0, header.end)
    const item = { frame, outgoing: frameOnce(common) }
    this.#ring.push(item)
    this.head = header.through
    this.#listener.batch(item)
  }

  #want(seq: Seq): void {
    this.#wanted = Math.max(this.#wanted, seq)
    if (!this.#repairing) void this.#repair()
  }

  async #repair(): Promise<void> {
    this.#repairing = true
    while (this.head < this.#wanted && !this.#closed) {
      this.#deps.metrics.count('gaps_filled_total')
      try {
        const frame = await this.#fillOnce(this.head)
        if (this.#closed) break
        if (frame === null) this.#giveUp()
        else if (frame.header.through > this.head && frame.header.after <= this.head) this.#accept(frame)
        else if (frame.header.through < this.#wanted) this.#wanted = this.head
        this.#listener.repaired()
      } catch (error) {
        this.#deps.logger.warn({ err: error, room: this.#room }, 'a hole in a stream could not be filled yet')
        await new Promise<void>((resolve) => this.#deps.runtime.after(REPAIR_RETRY_MS, resolve))
      }
    }
    this.#repairing = false
  }

  /** What lies between is told by the view alone. */
  #giveUp(): void {
    this.#ring.clear()
    this.#view = null
    this.head = this.#wanted
    this.#listener.lost()
  }

  #fillOnce(after: Seq): Promise<BatchFrame | null> {
    let filling = this.#filling.get(after)
    if (filling === undefined) {
      filling = this.#deps.asking.fill(this.#room, this.#audience, after).finally(() => this.#filling.delete(after))
      this.#filling.set(after, filling)
    }
    return filling
  }

  async #fetchView(): Promise<{ seq: Seq; text: string }> {
    const view = await this.#deps.asking.view(this.#room, this.#audience)
    this.#view = view
    return view
  }
}
