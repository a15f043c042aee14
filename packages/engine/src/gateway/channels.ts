import { PlenaryError } from '@plenary/kinds'
import type { KindTable, RoomId } from '@plenary/kinds'
import type { Timer } from '../runtime/runtime.ts'
import { Channel } from './channel.ts'
import type { ChannelDeps } from './channel.ts'

/** A room whose last socket left is kept for so long: people come back, and others with them. */
const LINGER_MS = 30_000

/** The rooms with sockets on this gateway. */
export class Channels {
  readonly #deps: ChannelDeps
  readonly #kinds: KindTable
  readonly #open = new Map<RoomId, Promise<Channel>>()
  readonly #active = new Map<RoomId, Channel>()
  readonly #lingering = new Map<RoomId, Timer>()

  constructor(deps: ChannelDeps, kinds: KindTable) {
    this.#deps = deps
    this.#kinds = kinds
    deps.metrics.gauge('channels_active', () => this.#active.size)
  }

  [Symbol.iterator](): Iterator<Channel> {
    return this.#active.values()
  }

  /** The room's channel, opened once for all who ask. Throws what the owner says of the room. */
  get(room: RoomId): Promise<Channel> {
    let channel = this.#open.get(room)
    if (channel === undefined) {
      channel = this.#start(room)
      this.#open.set(room, channel)
      channel.catch(() => this.#open.delete(room))
    }
    return channel
  }

  /** After somebody left, or did not come in after all. */
  release(channel: Channel): void {
    const { room } = channel
    if (channel.size > 0 || this.#lingering.has(room)) return
    this.#lingering.set(
      room,
      this.#deps.runtime.after(LINGER_MS, () => {
        this.#lingering.delete(room)
        if (channel.size === 0) void this.#drop(channel)
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
    const channel = await Channel.open(this.#deps, room, kind, opened)
    this.#active.set(room, channel)
    return channel
  }

  async #drop(channel: Channel): Promise<void> {
    this.#open.delete(channel.room)
    this.#active.delete(channel.room)
    await channel.close()
  }
}
