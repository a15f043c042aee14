/** So many a second on average, with a burst. Time comes in, in monotonic milliseconds. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
    this.#tokens = burst
    this.#at = nowMs
  }

  /** Takes one and answers 0, or answers how many milliseconds until one is there. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#at) * this.#perMs)
    this.#at = nowMs
    if (this.#tokens >= 1) {
      this.#tokens--
      return 0
    }
    return Math.ceil((1 - this.#tokens) / this.#perMs)
  }

  /** Undoes a `take` that passed. */
  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1)
  }
}
