import type { Millis } from '@plenary/kinds'
import { CLIENT_LIMITS } from './limits.ts'

/**
 * How long to wait before try number `attempt` (from 0): full jitter, anywhere between nothing and an exponentially
 * growing, capped bound. A server's `retryAfter` is waited out in full, with the jitter on top, so that those who were
 * told the same do not come back together.
 */
export function backoffMs(
  attempt: number,
  random: () => number,
  retryAfter: Millis = 0,
  capMs: Millis = CLIENT_LIMITS.backoffCapMs,
): Millis {
  const bound = Math.min(capMs, CLIENT_LIMITS.backoffBaseMs * 2 ** Math.min(attempt, 30))
  return retryAfter + Math.floor(random() * bound)
}

/**
 * How long to wait before the first try after a connection broke, in an event of so many people: as the back-off begins while they
 * are few, and spread wider when they are many, all of whom may be coming back.
 */
export function returnMs(people: number, random: () => number): Millis {
  const spread = Math.min(CLIENT_LIMITS.returnSpreadMaxMs, (people / CLIENT_LIMITS.returnsPerSecond) * 1_000)
  return Math.floor(random() * Math.max(CLIENT_LIMITS.backoffBaseMs, spread))
}
