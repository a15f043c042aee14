/** While people come by the thousand, telling all of them of each other is most of the work: the more there are, the more rarely. */
const MS_PER_SOCKET = 2
const MS_MAX = 5_000
/** Of a room in which telling all takes so long, and that changes by such a share between two looks, it is waited whether that goes on. */
const RUSH_MS_MIN = 500
const RUSH_SHARE = 0.1

/**
 * When all in a room are told who is there. Not in the midst of a rush, when it would be wrong at once and have to be told again, but after
 * it; a rush that goes on is told of as often as any change.
 */
export class PresencePace {
  #notBefore = 0
  #size = 0
  #rushUntil: number | null = null

  /** Whether all may be told now. To be asked every so often, since it looks at what changed meanwhile. */
  due(size: number, nowMs: number): boolean {
    const moved = Math.abs(size - this.#size)
    this.#size = size
    const pauseMs = pauseOf(size)
    if (pauseMs < RUSH_MS_MIN || moved < size * RUSH_SHARE) this.#rushUntil = null
    else this.#rushUntil ??= nowMs + pauseMs
    return nowMs >= this.#notBefore && (this.#rushUntil === null || nowMs >= this.#rushUntil)
  }

  /** They were told. */
  told(size: number, nowMs: number): void {
    this.#notBefore = nowMs + pauseOf(size)
    this.#rushUntil = null
  }
}

const pauseOf = (size: number) => Math.min(MS_MAX, size * MS_PER_SOCKET)
