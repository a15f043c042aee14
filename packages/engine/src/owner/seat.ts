import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { Subscription } from '../bus/bus.ts'
import type { Holding } from '../placement/placement.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import type { Shard } from './shard.ts'

/** First pause before a shard is tried again; each further one is twice as long, up to `LIMITS.retakeMs`. */
const RETAKE_MIN_MS = 100
/** Without its log for so long, a shard says so; up to then it is likely to be back before anyone is told. */
const PASSING_MS = 300
const PASSING_RETRY_MS = 100
const AWAY_RETRY_MS = 500

/** A shard that placement gives this node: running, or between two epochs, or waiting for its log. Answers for the shard in all three. */
export class Seat {
  readonly #runtime: Runtime
  holding: Holding
  /** Set once the seat answers on the bus, or is about to. */
  answering: Promise<Subscription> | null = null
  /** The holding for which a try is under way; an earlier one's may still be ending. */
  trying: Holding | null = null
  /** The holding after which placement is being asked for the next epoch; the seat is kept for it. */
  renewing: Holding | null = null
  #shard: Shard | null = null
  /** Since when it does not run. */
  #idleSince: number
  #tries = 0
  #retry: Timer | null = null

  constructor(runtime: Runtime, holding: Holding) {
    this.#runtime = runtime
    this.holding = holding
    this.#idleSince = runtime.monotonic()
  }

  get running(): Shard | null {
    return this.#shard
  }

  run(shard: Shard): void {
    this.#shard = shard
    this.#tries = 0
    this.unschedule()
  }

  /** Its epoch is over. */
  halt(): Shard | null {
    const shard = this.#shard
    if (shard !== null) this.#idleSince = this.#runtime.monotonic()
    this.#shard = null
    return shard
  }

  /** The shard that takes orders. Throws `moved` while that is about to change, and `unavailable` while the log is away. */
  serving(): Shard {
    if (this.#shard !== null) return this.#shard
    if (this.#runtime.monotonic() - this.#idleSince < PASSING_MS) {
      throw new PlenaryError('moved', 'The room is being taken up again; ask once more.', {
        retryAfter: PASSING_RETRY_MS,
      })
    }
    throw new PlenaryError('unavailable', 'What is said here cannot be saved right now.', { retryAfter: AWAY_RETRY_MS })
  }

  /** Tries again soon, and later each time, spread so that many shards do not come at once. */
  schedule(again: () => void): void {
    const pauseMs = Math.min(RETAKE_MIN_MS * 2 ** this.#tries++, LIMITS.retakeMs)
    this.after(Math.round(pauseMs * (0.5 + this.#runtime.random() / 2)), again)
  }

  /** In place of any other try that was to come. */
  after(pauseMs: number, again: () => void): void {
    this.unschedule()
    this.#retry = this.#runtime.after(pauseMs, again)
  }

  unschedule(): void {
    this.#retry?.cancel()
    this.#retry = null
  }
}
