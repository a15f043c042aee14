import type { Audience, UserId } from '@plenary/kinds'
import type { Bus } from '../bus/bus.ts'
import type { StoredEntry } from '../log/log.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { encodeFrame } from '../wire/frame.ts'
import type { FrameEntry } from '../wire/frame.ts'
import { encodeDigest } from '../wire/packets.ts'
import type { OutputGate } from './gate.ts'
import { liveTopic, streamTopic } from './orders.ts'
import type { HeadNotice, LiveHeader } from './orders.ts'
import type { Room } from './room.ts'

const AUDIENCES = ['everyone', 'staff'] as const

/** Tells gateways what became durable: each audience's batch encoded once for the whole cluster, digests, and heads. */
export class Teller {
  readonly #bus: Bus
  readonly #runtime: Runtime
  readonly #gate: OutputGate

  constructor(bus: Bus, runtime: Runtime, gate: OutputGate) {
    this.#bus = bus
    this.#runtime = runtime
    this.#gate = gate
  }

  tell(room: Room, entries: readonly StoredEntry[]): void {
    const barred = room.changedBars()
    for (const audience of AUDIENCES) {
      const visible = visibleTo(audience, entries)
      if (visible.length === 0 && barred.length === 0) continue
      const after = room.told[audience]
      const frame = encodeFrame({ room: room.id, audience, after, through: room.durable, entries: visible, barred })
      room.told[audience] = room.durable
      this.#bus.publish(streamTopic(room.id, audience), { header: frame.header, payload: frame.packet })
    }
    if (room.kind.digest !== undefined) this.#scheduleDigest(room)
  }

  /** Delivery between nodes is at most once, so a lost last batch is only noticed when its head is said again. */
  repeatHeads(room: Room): void {
    for (const audience of AUDIENCES) {
      const header: HeadNotice = { room: room.id, audience, head: room.told[audience] }
      this.#bus.publish(streamTopic(room.id, audience), { header })
    }
  }

  #scheduleDigest(room: Room): void {
    if (room.digestDue) return
    room.digestDue = true
    const waitMs = Math.max(0, room.digestAt + (room.kind.digestMs ?? 0) - this.#runtime.monotonic())
    this.#runtime.after(waitMs, () => {
      room.digestDue = false
      room.digestAt = this.#runtime.monotonic()
      const through = room.head
      const body = room.digest()
      if (body === null) return
      const payload = encodeDigest({ room: room.id, through, body })
      this.#gate.hold(room, {
        release: () => this.#bus.publish(liveTopic(room.id), { header: { live: 'digest' } satisfies LiveHeader, payload }),
        // The next owner sends its own.
        fail: () => undefined,
      })
    })
  }
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
