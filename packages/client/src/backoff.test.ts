import { assert, double, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, returnMs } from './backoff.ts'
import { CLIENT_LIMITS } from './limits.ts'

test('back-off has full jitter: from nothing to 250 ms doubled each time, at most 15 s, after what the server asks', () => {
  assert(
    property(
      nat(2000),
      double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      nat(60_000),
      (attempt, chance, retryAfter) => {
        const ms = backoffMs(attempt, () => chance, retryAfter) - retryAfter
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThan(Math.min(15_000, 250 * 2 ** attempt))
      },
    ),
  )
})

test('the whole range is used', () => {
  const last = 1 - Number.EPSILON
  expect(backoffMs(0, () => 0)).toBe(0)
  expect(backoffMs(0, () => last)).toBe(CLIENT_LIMITS.backoffBaseMs - 1)
  expect(backoffMs(3, () => last)).toBe(CLIENT_LIMITS.backoffBaseMs * 8 - 1)
  expect(backoffMs(50, () => last)).toBe(CLIENT_LIMITS.backoffCapMs - 1)
})

test('[R8] the more people there are in a room, the wider they are spread when they all come back, up to a bound', () => {
  const last = 1 - Number.EPSILON
  expect(returnMs(0, () => last)).toBe(CLIENT_LIMITS.backoffBaseMs - 1)
  expect(returnMs(100, () => last)).toBe(CLIENT_LIMITS.backoffBaseMs - 1)
  expect(returnMs(5_000, () => last)).toBe(12_499)
  expect(returnMs(1_000_000, () => last)).toBe(CLIENT_LIMITS.returnSpreadMaxMs - 1)
  expect(returnMs(5_000, () => 0)).toBe(0)
})
