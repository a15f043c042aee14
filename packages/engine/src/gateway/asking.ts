import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { Audience, Role, RoomId, Seq, UserId } from '@plenary/kinds'
import type { Bus, BusMessage } from '../bus/bus.ts'
import { shardOf, shardTopic } from '../owner/orders.ts'
import type { CommandDone, CommandOrder, Filled, Mines, Opened, Order, Viewed } from '../owner/orders.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { RoomZones } from './room-zones.ts'
import type { BatchFrame } from '../wire/frame.ts'

/** No answer for so long: ask again, with the same command id. */
const ANSWER_MS = 1_000
/** All tries together; then the asker is told to come again. */
const TRIES_MS = 10_000
const PAUSE_MIN_MS = 20
const PAUSE_MAX_MS = 250
const COME_AGAIN_MS = 500

/** Asks the owner of a room's shard, again while the shard changes hands. */
export class Asking {
  readonly #bus: Bus
  readonly #runtime: Runtime
  readonly #zones: RoomZones
  readonly #shards: number
  /** Those who pause before they ask again, by shard. */
  readonly #pausing = new Map<number, Set<() => void>>()
  readonly #decoder = new TextDecoder()

  constructor(bus: Bus, runtime: Runtime, zones: RoomZones, shards: number) {
    this.#bus = bus
    this.#runtime = runtime
    this.#zones = zones
    this.#shards = shards
  }

  shardOf(room: RoomId): number {
    return shardOf(room, this.#shards)
  }

  /** The shard has an owner again: whoever waits for one asks now. */
  taken(shard: number): void {
    for (const goOn of [...(this.#pausing.get(shard) ?? [])]) goOn()
  }

  async command(command: CommandOrder): Promise<CommandDone> {
    // A second try may find the first one carried out, perhaps by an owner that is gone.
    const answer = await this.#ask(command.room, (tries) => ({
      op: 'command',
      command: tries === 0 ? command : { ...command, again: true },
    }))
    return answer.header as CommandDone
  }

  async open(room: RoomId): Promise<Opened> {
    return (await this.#ask(room, () => ({ op: 'open', room }))).header as Opened
  }

  async view(room: RoomId, audience: Audience): Promise<Viewed & { text: string }> {
    const { header, payload } = await this.#ask(room, () => ({ op: 'view', room, audience }))
    return { seq: (header as Viewed).seq, text: this.#decoder.decode(payload) }
  }

  async mine(room: RoomId, users: UserId[]): Promise<Mines> {
    return (await this.#ask(room, () => ({ op: 'mine', room, users }))).header as Mines
  }

  async mayPutFiles(room: RoomId, who: { id: UserId; role: Role }): Promise<boolean> {
    const { header } = await this.#ask(room, () => ({ op: 'mayPutFiles', room, who }))
    return (header as { may: boolean }).may
  }

  /** The batch from `after` to the head; null when that is too long to fill. */
  async fill(room: RoomId, audience: Audience, after: Seq): Promise<BatchFrame | null> {
    const { header, payload } = await this.#ask(room, () => ({ op: 'fill', room, audience, after }))
    return header === null || payload === undefined ? null : { header: header as NonNullable<Filled>, packet: payload }
  }

  /**
   * A silent owner may be dead, and then another one takes over: that is waited for. One that answers, and only ever that it
   * cannot yet, is there: nobody waits for it longer than `LIMITS.commandWaitMs`.
   */
  async #ask(room: RoomId, order: (tries: number) => Order): Promise<BusMessage> {
    const zone = this.#zones.of(room)
    const topic = shardTopic(typeof zone === 'string' ? zone : await zone, this.shardOf(room))
    let deadline = this.#runtime.monotonic() + TRIES_MS
    /** When the first try began that an owner answered so; before it there may have been none for a while. */
    let thereSince = Infinity
    for (let tries = 0; ; tries++) {
      const askedAt = this.#runtime.monotonic()
      try {
        return await this.#bus.request(topic, { header: order(tries) }, Math.min(ANSWER_MS, deadline - askedAt))
      } catch (error) {
        const passing = error instanceof PlenaryError && (error.code === 'moved' || error.code === 'timeout')
        if (!passing) throw error
        // Of the bus itself it comes without one: then nobody is there.
        if (error.retryAfter !== undefined) thereSince = Math.min(thereSince, askedAt)
        deadline = Math.min(deadline, thereSince + LIMITS.commandWaitMs)
        const pauseMs = Math.min(PAUSE_MIN_MS * 2 ** tries, PAUSE_MAX_MS)
        if (this.#runtime.monotonic() + pauseMs >= deadline) {
          throw new PlenaryError('unavailable', 'The room cannot be reached right now.', {
            reason: 'outcome_unknown',
            retryAfter: COME_AGAIN_MS,
            cause: error,
          })
        }
        await this.#pause(this.shardOf(room), pauseMs)
      }
    }
  }

  #pause(shard: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const others = this.#pausing.get(shard) ?? new Set()
      const goOn = () => {
        timer.cancel()
        others.delete(goOn)
        if (others.size === 0 && this.#pausing.get(shard) === others) this.#pausing.delete(shard)
        resolve()
      }
      const timer = this.#runtime.after(ms, goOn)
      this.#pausing.set(shard, others.add(goOn))
    })
  }
}
