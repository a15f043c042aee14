import { PlenaryError } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { RedisLink } from '../redis/connect.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { within } from '../runtime/within.ts'
import type { Subscription } from './bus.ts'

export type ChannelHandler = (bytes: Buffer) => void

interface Held {
  channel: string
  handler: ChannelHandler
  /** Those who need it. */
  users: number
  /** Resolved while Redis is known to deliver; a new one after each loss of the connection. */
  inForce: PromiseWithResolvers<void>
  settled: boolean
}

/** A subscription that could not be made in this time is refused. */
const SUBSCRIBE_MS_MAX = 10_000
/** Channels in one SUBSCRIBE after a connection is back. */
const RESUBSCRIBE_CHANNELS = 500

/**
 * The channels that one process listens to: each is subscribed once however many want it, and again by itself on every new
 * connection. Redis delivers once per connection and channel, so subscribing again doubles nothing.
 */
export class RedisChannels {
  readonly #link: RedisLink
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #inForce: () => void
  readonly #held = new Map<string, Held>()
  #connection = 0
  #closed = false

  /** `inForce` is called when all that are held have come into force. */
  constructor(link: RedisLink, deps: { runtime: Runtime; logger: Logger; inForce: () => void }) {
    this.#link = link
    this.#runtime = deps.runtime
    this.#logger = deps.logger
    this.#inForce = deps.inForce
    const { redis } = link
    redis.on('messageBuffer', (channel: Buffer, bytes: Buffer) => this.#held.get(channel.toString())?.handler(bytes))
    redis.on('ready', () => this.#again())
    redis.on('close', () => this.#lost())
  }

  /**
   * Resolves once what is published there arrives. `handler` is the channel's, and the same for all who hold it. Throws
   * `unavailable` when Redis cannot be reached for too long.
   */
  async hold(channel: string, handler: ChannelHandler): Promise<Subscription> {
    let held = this.#held.get(channel)
    if (held === undefined) {
      held = { channel, handler, users: 0, inForce: expected(), settled: false }
      this.#held.set(channel, held)
      if (this.#link.ready) this.#subscribe([held])
    }
    held.users++
    const own = held
    let over = false
    const close = async () => {
      if (over) return
      over = true
      own.users--
      if (own.users === 0 && this.#held.get(channel) === own) this.#release(own)
    }
    try {
      if (this.#closed) throw unavailable()
      await within(this.#runtime, own.inForce.promise, SUBSCRIBE_MS_MAX, unavailable)
    } catch (error) {
      await close()
      throw error
    }
    return { close }
  }

  /** Whether Redis is known to deliver on all of them. */
  get inForce(): boolean {
    return this.#link.ready && [...this.#held.values()].every(({ settled }) => settled)
  }

  close(): void {
    this.#closed = true
    for (const held of this.#held.values()) held.inForce.reject(unavailable())
    this.#held.clear()
  }

  #subscribe(group: readonly Held[]): void {
    const connection = this.#connection
    this.#link.redis.subscribe(...group.map(({ channel }) => channel)).then(
      () => {
        // These and no others: a channel that was let go and is held anew waits for an answer of its own.
        if (connection !== this.#connection) return
        for (const held of group) this.#settle(held)
        this.#inForce()
      },
      (error: unknown) => {
        if (connection !== this.#connection || this.#closed) return
        this.#logger.warn(
          { reason: error instanceof Error ? error.message : String(error) },
          'Redis refused a subscription',
        )
      },
    )
  }

  #settle(held: Held): void {
    held.settled = true
    held.inForce.resolve()
  }

  #release(held: Held): void {
    this.#held.delete(held.channel)
    // Without a connection there is nothing to take back.
    this.#link.redis.unsubscribe(held.channel).catch(() => undefined)
  }

  #again(): void {
    const all = [...this.#held.values()]
    for (let from = 0; from < all.length; from += RESUBSCRIBE_CHANNELS) {
      this.#subscribe(all.slice(from, from + RESUBSCRIBE_CHANNELS))
    }
  }

  #lost(): void {
    this.#connection++
    for (const held of this.#held.values()) {
      if (!held.settled) continue
      held.settled = false
      held.inForce = expected()
    }
  }
}

/** A promise that may fail while nobody waits for it. */
function expected(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => undefined)
  return made
}

function unavailable(): PlenaryError {
  return new PlenaryError('unavailable', 'The servers cannot reach each other right now.', { retryAfter: 1_000 })
}
