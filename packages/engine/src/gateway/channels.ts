import { PlenaryError } from '@plenary/kinds'
import type { KindTable, RoomId } from '@plenary/kinds'
import type { Timer } from '../runtime/runtime.ts'
import { Channel } from './channel.ts'
import type { ChannelDeps } from './channel.ts'

/** A room whose last socket left is kept for so long: people come back, and others with them. */
const LINGER_MS = 30_000

/** The rooms with sockets on this gateway. */
export class Channels {
  readonly #deps: Omit<ChannelDeps, 'left'>
  readonly #kinds: KindTable
  readonly #open = new Map<RoomId, Promise<Channel>>()
  readonly #active = new Map<RoomId, Channel>()
  readonly #lingering = new Map<RoomId, Timer>()

  constructor(deps: Omit<ChannelDeps, 'left'>, kinds: KindTable) {
    this.#deps = deps
    this.#kinds = kinds
    deps.metrics.gauge('channels_active', () => this.#active.size)
  }

  [Symbol.iterator](): Iterator<Channel> {
    return this.#active.values()
  }

  /** Works with the room's channel, opened once for all who ask. Throws what the owner says of the room. */
  async use<T>(room: RoomId, work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = this.hold(room) ?? (await this.holdOpened(room))
    try {
      return await work(channel)
    } finally {
      this.letGo(channel)
    }
  }

  /** The room's channel if it is open, kept until it is let go. */
  hold(room: RoomId): Channel | null {
    const channel = this.#active.get(room)
    if (channel === undefined) return null
    channel.holds++
    return channel
  }

  /** As `hold`, and opened if it is not. Throws what the owner says of the room. */
  async holdOpened(room: RoomId): Promise<Channel> {
    const channel = await this.#get(room)
    channel.holds++
    return channel
  }

  letGo(channel: Channel): void {
    channel.holds--
    this.#release(channel)
  }

  async #get(room: RoomId): Promise<Channel> {
    for (;;) {
      let opening = this.#open.get(room)
      if (opening === undefined) {
        opening = this.#start(room)
        this.#open.set(room, opening)
        opening.catch(() => this.#open.delete(room))
      }
      const channel = await opening
      // It may have been dropped between its opening and this.
      if (this.#active.get(room) === channel) return channel
    }
  }

  /** After somebody left, or did not come in after all. */
  #release(channel: Channel): void {
    const { room } = channel
    const unused = () => channel.size === 0 && channel.holds === 0
    if (!unused() || this.#lingering.has(room)) return
    this.#lingering.set(
      room,
      this.#deps.runtime.after(LINGER_MS, () => {
        this.#lingering.delete(room)
        if (unused()) void this.#drop(channel)
      }),
    )
  }

  async close(): Promise<void> {
    for (const timer of this.#lingering.values()) timer.cancel()
    this.#lingering.clear()
    await Promise.allSettled([...this.#active.values()].map((channel) => this.#drop(channel)))
  }

  async #start(room: RoomId): Promise<Channel> {
    const opened = await this.#deps.asking.open(room)
    const kind = this.#kinds.get(opened.kind)
    if (kind === undefined) throw new PlenaryError('unavailable', `This server does not know the kind ${opened.kind}.`)
    const channel = await Channel.open({ ...this.#deps, left: (left) => this.#release(left) }, room, kind, opened)
    this.#active.set(room, channel)
    return channel
  }

  async #drop(channel: Channel): Promise<void> {
    this.#open.delete(channel.room)
    this.#active.delete(channel.room)
    await channel.close()
  }
}
