import { describe, expect, test } from 'vitest'
import { Bars, quantile } from './bars.ts'

describe('bars', () => {
  test('a row passes when every figure holds its bar', () => {
    const bars = new Bars()
    bars.note('people', 30)
    bars.atMost('againMs', 6_999.96, 7_000)
    bars.atLeast('acknowledged', 1, 1)
    bars.exactly('lost', 0, 0)
    expect(bars.result).toEqual({
      figures: { people: 30, againMs: 7_000, acknowledged: 1, lost: 0 },
      pass: true,
      failed: [],
    })
  })

  test('what is over its bar, and what was never measured, fails with its name', () => {
    const bars = new Bars()
    bars.atMost('againMs', 7_001, 7_000)
    bars.atMost('shedMs', Number.POSITIVE_INFINITY, 1_000)
    bars.atMost('stallMs', Number.NaN, 1_000)
    bars.exactly('lost', 1, 0)
    bars.fail('two owners')
    expect(bars.result.pass).toBe(false)
    expect(bars.result.failed.map((why) => why.split(' ')[0])).toEqual(['againMs', 'shedMs', 'stallMs', 'lost', 'two'])
  })
})

test('a quantile is one of the samples, and none of nothing', () => {
  const samples = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(quantile(samples, 0.99)).toBe(99)
  expect(quantile(samples, 0.5)).toBe(50)
  expect(quantile([7], 0.99)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})
