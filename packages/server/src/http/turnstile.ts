import { PlenaryError, type Millis } from '@plenary/kinds'

/** A node lets in so many a second at least, and at most when its event loop keeps up. */
export const TURNSTILE = { perSecondMin: 200, perSecondMax: 1_000, burst: 200 } as const
/** The loop is looked at so often; one that comes later than this keeps those waiting who are in. */
export const LOOK_MS = 100
const LATE_MS = 30
const FASTER_PER_SECOND = 25
const SLOWER = 0.7
/** Nobody is put off for longer, however many there are: a client may find another node meanwhile. */
const TURN_MS_MAX = 20_000

/**
 * Spreads those who come back at once over time, so that those who are in do not notice: whoever finds no room is told when it will be
 * their turn, each a moment after the one before. How fast it turns goes by how late the event loop is: more slowly at once, faster bit by
 * bit (additive increase, multiplicative decrease, as TCP paces itself).
 */
export class Turnstile {
  readonly #now: () => Millis
  #perSecond: number = TURNSTILE.perSecondMax
  #tokens: number = TURNSTILE.burst
  #at: Millis
  /** When the last turn is that was given away. */
  #promisedAt: Millis

  /** `now` counts milliseconds and never goes back. */
  constructor(now: () => Millis) {
    this.#now = now
    this.#at = now()
    this.#promisedAt = this.#at
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** One comes in. Throws `unavailable` with the time until their turn. */
  pass(): void {
    const now = this.#now()
    this.#tokens = Math.min(TURNSTILE.burst, this.#tokens + ((now - this.#at) * this.#perSecond) / 1_000)
    this.#at = now
    if (this.#tokens >= 1) {
      this.#tokens--
      return
    }
    this.#promisedAt = Math.max(this.#promisedAt, now) + 1_000 / this.#perSecond
    if (this.#promisedAt - now > TURN_MS_MAX) this.#promisedAt = now + TURN_MS_MAX / 2
    const retryAfter = Math.ceil(this.#promisedAt - now)
    throw new PlenaryError('unavailable', 'Many people are coming in. It is your turn in a moment.', { retryAfter })
  }

  /** The event loop was so late to come to this, which is called every {@link LOOK_MS}. */
  late(lateMs: Millis): void {
    const next = lateMs > LATE_MS ? this.#perSecond * SLOWER : this.#perSecond + FASTER_PER_SECOND
    this.#perSecond = Math.min(TURNSTILE.perSecondMax, Math.max(TURNSTILE.perSecondMin, next))
  }
}

/** A turnstile that looks after its own pace. Disposing ends that. */
export function pacedTurnstile(now: () => Millis): Turnstile & Disposable {
  const turnstile = new Turnstile(now)
  let dueAt = now() + LOOK_MS
  const timer = setInterval(() => {
    turnstile.late(now() - dueAt)
    dueAt = now() + LOOK_MS
  }, LOOK_MS)
  timer.unref()
  return Object.assign(turnstile, { [Symbol.dispose]: () => clearInterval(timer) })
}
