import { LIMITS } from '@plenary/kinds'
import type { Audience, RoomId, Seq, UserId } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Bus, BusMessage, Subscription } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import { streamTopic } from '../owner/orders.ts'
import type { HeadNotice } from '../owner/orders.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { commonPacket, emptyPacket, entriesFor, isForFew } from '../wire/frame.ts'
import type { BatchFrame, FrameHeader } from '../wire/frame.ts'
import type { Asking } from './asking.ts'
import { frameOnce } from './outgoing.ts'
import type { Outgoing } from './outgoing.ts'
import { isChain, Ring } from './ring.ts'
import type { RingItem } from './ring.ts'

/** A view this far behind is fetched anew rather than brought up to date. */
const VIEW_BEHIND_MAX_ENTRIES = 64
const VIEW_BEHIND_MAX_BYTES = LIMITS.socketConflateBytes / 4
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
  /**
   * Something is at hand from the owner itself that reaches further than what was heard, and it does not say who was barred meanwhile:
   * that must be known before any of it is shown. Throws when it cannot be.
   */
  ahead(through: Seq): Promise<void>
}

/** How far a stream is, for sockets that have heard nothing of it since `after`. */
export interface Advance {
  after: Seq
  through: Seq
  outgoing: Outgoing
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
  /** How far all sockets were told: what lies between here and the head was for a few of them. */
  #told: Seq
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
  /** Until the head is known, what is heard only says how far there is something to ask for. */
  #opening = true
  #closed = false

  private constructor(deps: StreamDeps, room: RoomId, audience: Audience, listener: StreamListener) {
    this.#deps = deps
    this.#room = room
    this.#audience = audience
    this.#listener = listener
    this.head = 0
    this.#told = 0
    this.#wanted = 0
  }

  /** Subscribes first, and asks for the head then: what is published meanwhile must not fall between the two. */
  static async open(
    deps: StreamDeps,
    room: RoomId,
    audience: Audience,
    currentHead: () => Promise<Seq>,
    listener: StreamListener,
  ): Promise<Stream> {
    const stream = new Stream(deps, room, audience, listener)
    stream.#subscription = await deps.bus.subscribe(streamTopic(room, audience), (message) => stream.#receive(message))
    try {
      stream.head = await currentHead()
      stream.#told = stream.head
    } catch (error) {
      await stream.close()
      throw error
    }
    stream.#opening = false
    stream.reaches(stream.#wanted)
    return stream
  }

  /** Somebody says that the stream reaches so far. */
  reaches(seq: Seq): void {
    if (seq > this.head) this.#want(seq)
  }

  /** What lets all sockets follow to the head, where some were told of nothing for a while; null when there is nothing to tell. */
  advance(): Advance | null {
    const after = this.#told
    if (this.head <= after) return null
    this.#told = this.head
    return { after, through: this.head, outgoing: frameOnce(emptyPacket(this.#room, after, this.head)) }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#ring.clear()
    await this.#subscription?.close()
  }

  /** A view that the ring leads on from, fetched once for all who ask at the same time. */
  async view(): Promise<{ seq: Seq; text: string }> {
    const kept = this.keptView()
    if (kept !== null) return kept
    this.#viewing ??= this.#fetchView().finally(() => (this.#viewing = null))
    return this.#viewing
  }

  /** One that is at hand; null when it would have to be fetched. */
  keptView(): { seq: Seq; text: string } | null {
    const kept = this.#view
    if (kept === null || this.head - kept.seq > VIEW_BEHIND_MAX_ENTRIES) return null
    const behind = this.since(kept.seq)?.reduce((sum, item) => sum + item.frame.packet.length, 0)
    return behind !== undefined && behind <= VIEW_BEHIND_MAX_BYTES ? kept : null
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
    // A cursor in the middle of a batch is rare: it was a view's, left before the next batch came. So are batches that overlap.
    const exact = items !== null && isChain(items, seq)
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
    if (this.#opening) this.#wanted = Math.max(this.#wanted, 'head' in header ? header.head : header.through)
    else if ('head' in header) this.reaches(header.head)
    else if (message.payload !== undefined && header.through > this.head) {
      if (header.after > this.head) this.#want(header.through)
      else this.#accept({ header, packet: message.payload })
    }
  }

  #accept(frame: BatchFrame): void {
    const { header } = frame
    const only = header.only === undefined ? null : new Set(header.only.map((each) => each.user))
    const after = Math.min(header.after, this.#told)
    // Votes come by the thousand, each for its voter: nobody else is woken for them, and what follows for all leads on over them.
    const outgoing = isForFew(frame) ? null : frameOnce(commonPacket(frame, after))
    const item = { frame, outgoing, after, only }
    this.#ring.push(item)
    this.head = header.through
    if (outgoing !== null) this.#told = header.through
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
        // What was asked for may have come by itself meanwhile.
        if (this.head >= this.#wanted) break
        if (frame === null) this.#giveUp()
        else if (frame.header.through > this.head && frame.header.after <= this.head) this.#accept(frame)
        else if (frame.header.through < this.#wanted) this.#wanted = this.head
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
    this.#told = this.head
    this.#listener.lost()
  }

  #fillOnce(after: Seq): Promise<BatchFrame | null> {
    let filling = this.#filling.get(after)
    if (filling === undefined) {
      filling = this.#fill(after).finally(() => this.#filling.delete(after))
      this.#filling.set(after, filling)
    }
    return filling
  }

  async #fill(after: Seq): Promise<BatchFrame | null> {
    const frame = await this.#deps.asking.fill(this.#room, this.#audience, after)
    const through = frame?.header.through ?? this.#wanted
    if (through > this.head) await this.#listener.ahead(through)
    return frame
  }

  async #fetchView(): Promise<{ seq: Seq; text: string }> {
    const view = await this.#deps.asking.view(this.#room, this.#audience)
    if (view.seq > this.head) await this.#listener.ahead(view.seq)
    this.#view = view
    return view
  }
}
