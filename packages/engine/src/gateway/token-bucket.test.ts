import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('[R7] a burst passes, then the rate; who waits as long as told passes', () => {
  const bucket = new TokenBucket(20, 3, 0)
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0])
  const waitMs = bucket.take(0)
  expect(waitMs).toBe(50)
  expect(bucket.take(waitMs - 1)).toBeGreaterThan(0)
  expect(bucket.take(waitMs)).toBe(0)
  expect(bucket.take(1_000_000)).toBe(0)
})

test('[R7] over any time no more pass than the burst and the rate allow, and asking in vain costs nothing', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), steps, (perSecond, burst, waits) => {
      const bucket = new TokenBucket(perSecond, burst, 0)
      let now = 0
      let passed = 0
      for (const wait of waits) {
        now += wait
        const answer = bucket.take(now)
        if (answer === 0) passed++
        else expect(answer).toBeLessThanOrEqual(Math.ceil(1_000 / perSecond))
      }
      expect(passed).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000 + 1e-6)
    }),
  )
})
