import type { RoomId } from '@plenary/kinds'

/** Rooms whose zone is remembered; past it the oldest is looked up again. */
const ZONES_MAX = 20_000

/** Which zone owns a room. A room never changes its zone, so that an answer holds for ever. */
export class RoomZones {
  readonly #home: string
  readonly #lookUp: ((room: RoomId) => Promise<string | null>) | undefined
  readonly #known = new Map<RoomId, string>()

  /** Without a look-up every room is at home. */
  constructor(home: string, lookUp: ((room: RoomId) => Promise<string | null>) | undefined) {
    this.#home = home
    this.#lookUp = lookUp
  }

  /** Answers at once where it can: most questions are asked again and again. */
  of(room: RoomId): string | Promise<string> {
    if (this.#lookUp === undefined) return this.#home
    return this.#known.get(room) ?? this.#ask(room, this.#lookUp)
  }

  async #ask(room: RoomId, lookUp: (room: RoomId) => Promise<string | null>): Promise<string> {
    const zone = await lookUp(room)
    // An unknown room is refused by whoever is asked; it may come to be later, so it is not remembered.
    if (zone === null) return this.#home
    const oldest = this.#known.size >= ZONES_MAX ? this.#known.keys().next() : null
    if (oldest?.done === false) this.#known.delete(oldest.value)
    this.#known.set(room, zone)
    return zone
  }
}
