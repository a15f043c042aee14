import type { Millis } from '@plenary/kinds'

/** A node begins with so many a second, and goes between the least and the most as its event loop keeps up. */
export const TURNSTILE = { perSecond: 160, perSecondMin: 100, perSecondMax: 1_000, burst: 20 } as const
/** The loop is looked at so often. */
const LOOK_MS = 100
/**
 * An event loop that is at work for more of its time, and late at its timers as well, makes those wait who are in. Neither alone says so:
 * one that lets in thousands and has nobody yet to keep waiting is never idle, and each message to a full room makes it late.
 */
const WORK_SHARE_MAX = 0.85
const LATE_MS_MAX = 15
/** How much a new look counts beside those before. */
const LOOK_WEIGHT = 0.2
const FASTER_PER_SECOND = 5
const SLOWER = 0.9
/** A slower pace is given so long to show before it is slowed again. */
const SLOWER_EVERY_MS = 300
const FORGET = 0.05
/** So much of what it may let in, and it is what holds people up. */
const BUSY = 0.7
/** Nobody is put off for longer, however many there are: another node may have room meanwhile. */
const TURN_MS_MAX = 20_000

/**
 * Spreads those who come at once over time, so that those who are in do not notice: whoever finds no room is told when it is their turn,
 * each a moment after the one before. It begins slowly, and how fast it turns then goes by how busy the event loop is: more slowly at
 * once, faster bit by bit (additive increase, multiplicative decrease, as TCP paces itself).
 */
export class Turnstile {
  readonly #now: () => Millis
  #perSecond: number = TURNSTILE.perSecond
  #tokens: number = TURNSTILE.burst
  #at: Millis
  /** When the last turn is that was given away. */
  #promisedAt: Millis
  #slowedMsAgo = SLOWER_EVERY_MS
  #workShare = 0
  #lateMs = 0
  /** Since the last look. */
  #putOff = 0
  #letIn = 0

  /** `now` counts milliseconds and never goes back. */
  constructor(now: () => Millis) {
    this.#now = now
    this.#at = now()
    this.#promisedAt = this.#at
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** Somebody comes: 0 when they may come in, otherwise the milliseconds until it is their turn. */
  turnMs(): Millis {
    const now = this.#now()
    this.#tokens = Math.min(TURNSTILE.burst, this.#tokens + ((now - this.#at) * this.#perSecond) / 1_000)
    this.#at = now
    if (this.#tokens >= 1) {
      this.#tokens--
      this.#letIn++
      return 0
    }
    this.#putOff++
    // For the pace it begins with at least: it is slower only while the machine is short of time, and who comes too soon is put off again.
    this.#promisedAt = Math.max(this.#promisedAt, now) + 1_000 / Math.max(this.#perSecond, TURNSTILE.perSecond)
    if (this.#promisedAt - now > TURN_MS_MAX) this.#promisedAt = now + TURN_MS_MAX / 2
    return Math.ceil(this.#promisedAt - now)
  }

  /** A look at the event loop, `elapsedMs` after the last and so late: for this share of them it was at work. */
  look(elapsedMs: Millis, lateMs: Millis, workShare: number): void {
    this.#workShare += (workShare - this.#workShare) * LOOK_WEIGHT
    this.#lateMs += (lateMs - this.#lateMs) * LOOK_WEIGHT
    // Only when it was this that held people up: those who were put off and are yet to come say nothing of how it will be with them.
    const busy = this.#letIn >= (this.#perSecond * elapsedMs * BUSY) / 1_000
    this.#slowedMsAgo += elapsedMs
    if (this.#workShare > WORK_SHARE_MAX && this.#lateMs > LATE_MS_MAX) this.#slowDown()
    else if (busy) this.#perSecond = Math.min(TURNSTILE.perSecondMax, this.#perSecond + FASTER_PER_SECOND)
    // Nobody waits: what was learned of one storm says little of the next.
    else if (this.#putOff + this.#letIn === 0) this.#perSecond += (TURNSTILE.perSecond - this.#perSecond) * FORGET
    this.#putOff = 0
    this.#letIn = 0
  }

  #slowDown(): void {
    if (this.#slowedMsAgo < SLOWER_EVERY_MS) return
    this.#slowedMsAgo = 0
    this.#perSecond = Math.max(TURNSTILE.perSecondMin, this.#perSecond * SLOWER)
  }
}

/** A turnstile that looks at its event loop by itself. Disposing ends that. */
export function pacedTurnstile(now: () => Millis): Turnstile & Disposable {
  const turnstile = new Turnstile(now)
  let lookedAt = now()
  let used = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const elapsedMs = now() - lookedAt
    lookedAt += elapsedMs
    const { utilization } = performance.eventLoopUtilization(used)
    used = performance.eventLoopUtilization()
    turnstile.look(elapsedMs, elapsedMs - LOOK_MS, utilization)
  }, LOOK_MS)
  timer.unref()
  return Object.assign(turnstile, { [Symbol.dispose]: () => clearInterval(timer) })
}
