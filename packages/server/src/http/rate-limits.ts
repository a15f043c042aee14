import { PlenaryError } from '@plenary/kinds'

interface Bucket {
  /** How many may come at once. */
  burst: number
  perSecond: number
}

/**
 * Requests of one key. A venue is one address for thousands of people, so those by address are generous: what they stop is
 * flooding and guessing, not a full hall.
 */
export const RATES = {
  createPerAddress: { burst: 100, perSecond: 2 },
  /** Rooms on their own, looked for or made. A hall may begin to play all at once. */
  roomPerAddress: { burst: 5_000, perSecond: 20 },
  joinPerAddress: { burst: 5_000, perSecond: 100 },
  peekPerAddress: { burst: 1_000, perSecond: 50 },
  assignPerAddress: { burst: 20_000, perSecond: 500 },
  ticketPerPerson: { burst: 30, perSecond: 1 },
  uploadPerPerson: { burst: 50, perSecond: 0.5 },
  /** Whatever is asked with a pass or a ticket. */
  askPerPerson: { burst: 1_000, perSecond: 50 },
} as const satisfies Record<string, Bucket>
export type RateName = keyof typeof RATES

/** What a code that is not there costs more than one that is: people mistype now and then, a guesser always. */
export const MISS_COST = 10

/** Keys remembered per rate; beyond it the one unseen for longest is forgotten. */
const KEYS_MAX = 20_000

export interface RateLimits {
  /** Takes from the key's bucket. Throws `rate_limited` with `retryAfter` when it is empty. */
  take(rate: RateName, key: string): void
  /** Takes further, down to empty, without a refusal: the next `take` may be refused. */
  charge(rate: RateName, key: string, cost: number): void
}

/** Token buckets in bounded memory. `now` counts milliseconds and never goes back. */
export function rateLimits(now: () => number): RateLimits {
  const buckets = new Map<RateName, Map<string, { tokens: number; at: number }>>()

  function refill(rate: RateName, key: string): { tokens: number; at: number } {
    const { burst, perSecond } = RATES[rate]
    const keys = buckets.get(rate) ?? new Map<string, { tokens: number; at: number }>()
    buckets.set(rate, keys)
    const kept = keys.get(key) ?? { tokens: burst, at: now() }
    const fresh = { tokens: Math.min(burst, kept.tokens + ((now() - kept.at) / 1000) * perSecond), at: now() }
    // Set anew, so that the map's order is the order of last use.
    keys.delete(key)
    keys.set(key, fresh)
    const oldest = keys.keys().next().value
    if (keys.size > KEYS_MAX && oldest !== undefined) keys.delete(oldest)
    return fresh
  }

  return {
    take(rate, key) {
      const bucket = refill(rate, key)
      if (bucket.tokens < 1) {
        const retryAfter = Math.ceil(((1 - bucket.tokens) / RATES[rate].perSecond) * 1000)
        throw new PlenaryError('rate_limited', 'Too many requests. Try again in a moment.', { retryAfter })
      }
      bucket.tokens -= 1
    },
    charge(rate, key, cost) {
      const bucket = refill(rate, key)
      bucket.tokens = Math.max(0, bucket.tokens - cost)
    },
  }
}
