import { LIMITS } from '@plenary/kinds'
import type { Seq, UserId } from '@plenary/kinds'
import type { BatchFrame } from '../wire/frame.ts'
import type { Outgoing } from './outgoing.ts'

/** A frame with what sockets are sent of it. */
export interface RingItem {
  frame: BatchFrame
  /** For all; null when the frame has something for a few of them alone. */
  outgoing: Outgoing | null
  /** Where `outgoing` leads on from: behind the last frame that had something for all, or earlier. */
  after: Seq
  /** Users with entries of their own in it; null when there are none. */
  only: ReadonlySet<UserId> | null
}

/** The newest batches of one stream, bounded, each beginning where or before the one ahead of it ended. */
export class Ring {
  #items: RingItem[] = []
  #bytes = 0

  push(item: RingItem): void {
    this.#items.push(item)
    this.#bytes += item.frame.packet.length
    let drop = 0
    while (this.#items.length - drop > LIMITS.ringBatches || this.#bytes > LIMITS.ringBytes) {
      this.#bytes -= this.#items[drop]?.frame.packet.length ?? 0
      drop++
    }
    // In steps, because taking one from the front of an array is linear.
    if (drop > 0) this.#items = this.#items.slice(drop)
  }

  clear(): void {
    this.#items = []
    this.#bytes = 0
  }

  /** The batches that lead on from `after`; null when the ring begins too late. Empty when there is nothing newer. */
  since(after: Seq): RingItem[] | null {
    let from = this.#items.length
    while (from > 0 && (this.#items[from - 1]?.frame.header.through ?? 0) > after) from--
    const first = this.#items[from]
    if (first !== undefined && first.frame.header.after > after) return null
    return this.#items.slice(from)
  }
}

/** Whether these lead on from `after` with no entry in two of them. A hole that was filled may overlap with what came late by itself. */
export function isChain(items: readonly RingItem[], after: Seq): boolean {
  let reached = after
  for (const { frame } of items) {
    if (frame.header.after !== reached) return false
    reached = frame.header.through
  }
  return true
}
