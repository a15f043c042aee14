import type { Millis } from '@plenary/kinds'

/** How often the database is asked; between, this machine's own steady clock carries on. */
const ADJUST_MS = 10_000
/** It is asked so often at a time, since the answer that took the least says the most; one that took no longer than this says enough, */
const ASKED = 4
const ENOUGH_MS = 5
/** and one that took longer than this too little. */
const ANSWER_MS_MAX = 1_000
/** The first answer is worth some tries: without it a node would not start because one connection broke. */
const FIRST_TRIES = 3

export interface SharedClockParts {
  /** The database's own time. */
  ask(): Promise<Millis>
  /** Milliseconds that never go back and do not jump with the wall clock. */
  monotonic(): number
  /** Told why the time could not be asked; the clock goes on from the last answer. */
  failed(error: unknown): void
}

/** The time that all nodes of a cluster agree on, whatever their own wall clocks say: the database's. Disposing ends the asking. */
export interface SharedClock extends Disposable {
  now(): Millis
}

/**
 * A clock that is set by the database and carried on by this machine's steady clock: a node whose wall clock is wrong, or is put
 * right in a jump, issues and checks tickets as the others do. Throws what the last of its first tries threw.
 */
export async function sharedClock({ ask, monotonic, failed }: SharedClockParts): Promise<SharedClock> {
  let offset = 0

  async function adjust(tookMsMax: number): Promise<void> {
    let least = tookMsMax
    for (let times = 0; times < ASKED && least > ENOUGH_MS; times++) {
      const asked = monotonic()
      const told = await ask()
      const tookMs = monotonic() - asked
      if (tookMs > least) continue
      least = tookMs
      // It was read somewhere between the question and the answer.
      offset = told + tookMs / 2 - (asked + tookMs)
    }
  }

  for (let tries = 1; ; tries++) {
    try {
      await adjust(Infinity)
      break
    } catch (error) {
      if (tries === FIRST_TRIES) throw error
      failed(error)
    }
  }
  const timer = setInterval(() => void adjust(ANSWER_MS_MAX).catch(failed), ADJUST_MS)
  timer.unref()
  return {
    now: () => Math.round(monotonic() + offset),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
