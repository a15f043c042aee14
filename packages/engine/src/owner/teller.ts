import type { Audience, Json, UserId } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'
import type { StoredEntry } from '../log/log.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { encodeFrame } from '../wire/frame.ts'
import type { BatchFrame, FrameEntry } from '../wire/frame.ts'
import { encodeDigest } from '../wire/packets.ts'
import type { OutputGate } from './gate.ts'
import { liveTopic } from './orders.ts'
import type { HeadNotice, LiveHeader } from './orders.ts'
import type { Room } from './room.ts'

const AUDIENCES = ['everyone', 'staff'] as const
/** Text of one batch, unless a single entry is longer: a group of commands may be far more than a socket should be given at once. */
const BATCH_MAX_CHARS = 128 * 1024

/** Tells gateways what became durable: each audience's batch encoded once for the whole cluster, digests, and heads. */
export class Teller {
  readonly #bus: Bus
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #gate: OutputGate

  constructor(deps: { bus: Bus; runtime: Runtime; logger: Logger }, gate: OutputGate) {
    this.#bus = deps.bus
    this.#runtime = deps.runtime
    this.#logger = deps.logger
    this.#gate = gate
  }

  /** Answers how many batches that took. */
  tell(room: Room, entries: readonly StoredEntry[]): number {
    let batches = 0
    // With the first batch: who is barred from now on need not see the others.
    let barred = room.changedBars()
    for (const part of partsOf(entries)) {
      const through = part.at(-1)?.seq ?? room.durable
      let everyones: BatchFrame | null = null
      for (const audience of AUDIENCES) {
        const after = room.told[audience]
        let frame: BatchFrame
        // Staff see what everyone sees and perhaps more; what is no more is not encoded again.
        if (everyones?.header.after === after && !part.some(isForStaff)) {
          frame = { header: { ...everyones.header, audience }, packet: everyones.packet }
        } else {
          const visible = visibleTo(audience, part)
          if (visible.length === 0 && barred.length === 0) continue
          frame = encodeFrame({ room: room.id, audience, after, through, entries: visible, barred })
          everyones = frame
        }
        room.told[audience] = through
        this.#bus.publish(room.topics[audience], { header: frame.header, payload: frame.packet })
        batches++
      }
      barred = []
    }
    this.digestSoon(room)
    return batches
  }

  /** Delivery between nodes is at most once, so a lost last batch is only noticed when its head is said again. */
  repeatHeads(room: Room): void {
    for (const audience of AUDIENCES) {
      const header: HeadNotice = { room: room.id, audience, head: room.told[audience] }
      this.#bus.publish(room.topics[audience], { header })
    }
  }

  /** Somebody's own part has changed in secret: the gateways that have them ask for it. */
  tellMine(room: Room, user: UserId): void {
    this.#gate.hold(room, {
      release: () => this.#bus.publish(liveTopic(room.id), { header: { live: 'mine', user } satisfies LiveHeader }),
      // Whoever comes back asks for it anyway.
      fail: () => undefined,
    })
  }

  /** Tells the digest again when it is next due; nothing for a kind that has none. */
  digestSoon(room: Room): void {
    if (room.digestDue || room.isSetAside || room.kind.digest === undefined) return
    room.digestDue = true
    this.#armDigest(room)
  }

  #armDigest(room: Room): void {
    const dueIn = () => room.digestAt + (room.kind.digestMs ?? 0) - this.#runtime.monotonic()
    this.#runtime.after(Math.max(0, dueIn()), () => {
      // The last one may have been held back and gone out only now.
      if (dueIn() > 0) return this.#armDigest(room)
      room.digestDue = false
      if (room.isSetAside) return
      room.digestAt = this.#runtime.monotonic()
      try {
        const [everyone, staff] = [room.digest('everyone'), room.digest('staff')]
        if (JSON.stringify(everyone) === JSON.stringify(staff)) return this.#tellDigest(room, everyone)
        this.#tellDigest(room, everyone, 'everyone')
        this.#tellDigest(room, staff, 'staff')
      } catch (error) {
        this.#logger.error({ err: error, room: room.id }, 'a kind threw at its digest')
      }
    })
  }

  #tellDigest(room: Room, body: Json, audience?: Audience): void {
    if (body === null) return
    const payload = encodeDigest({ room: room.id, through: room.head, body })
    const header: LiveHeader = audience === undefined ? { live: 'digest' } : { live: 'digest', audience }
    this.#gate.hold(room, {
      release: () => {
        room.digestAt = this.#runtime.monotonic()
        this.#bus.publish(liveTopic(room.id), { header, payload })
      },
      // The next owner sends its own.
      fail: () => undefined,
    })
  }
}

const isForStaff = ({ sees }: StoredEntry) => sees === 'staff'

/** Entries in runs of bounded length, in their order. */
function partsOf(entries: readonly StoredEntry[]): (readonly StoredEntry[])[] {
  const parts: (readonly StoredEntry[])[] = []
  let from = 0
  let at = 0
  let chars = 0
  for (const { json } of entries) {
    if (at > from && chars + json.length > BATCH_MAX_CHARS) {
      parts.push(entries.slice(from, at))
      from = at
      chars = 0
    }
    chars += json.length
    at++
  }
  if (from < at) parts.push(from === 0 ? entries : entries.slice(from))
  return parts
}

/** The entries an audience may see, as a frame takes them. */
export function visibleTo(audience: Audience, entries: readonly StoredEntry[]): FrameEntry[] {
  const visible: FrameEntry[] = []
  for (const { sees, json } of entries) {
    if (sees === 'everyone' || (sees === 'staff' && audience === 'staff')) visible.push({ json, only: null })
    else if (sees.startsWith('only:')) visible.push({ json, only: sees.slice(5) as UserId })
  }
  return visible
}
