import { expect, test } from 'vitest'
import { Latencies, median } from './latencies.ts'

test('quantiles are right to half a percent, also over what other processes counted', () => {
  const [one, other] = [new Latencies(), new Latencies()]
  for (let ms = 1; ms <= 1_000; ms++) (ms % 2 === 0 ? one : other).add(ms)
  one.merge(other.counts)
  expect(one.total).toBe(1_000)
  expect(Math.abs(one.quantileMs(0.5) - 500)).toBeLessThanOrEqual(2.5)
  expect(Math.abs(one.quantileMs(0.99) - 990)).toBeLessThanOrEqual(5)
  expect(new Latencies().quantileMs(0.99)).toBe(0)
})

test('the median is the middle one, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBe(0)
})
