import { expect, test } from 'vitest'
import { SAMPLE_MS, sampled, stepsOf, type Sample } from './samples.ts'

test('a span of time has one sample, the newest, and an hour of them is kept', () => {
  let samples: readonly Sample[] = []
  samples = sampled(samples, 0, 1)
  samples = sampled(samples, 500, 3)
  expect(samples).toEqual([{ at: 0, total: 3 }])
  expect(sampled(samples, 900, 3)).toBe(samples)
  for (let count = 1; count < 1_000; count++) samples = sampled(samples, count * SAMPLE_MS, count)
  expect(samples).toHaveLength(360)
  expect(samples.at(-1)).toEqual({ at: 999 * SAMPLE_MS, total: 999 })
})

test('the line goes in steps from the first to now, the most at the top', () => {
  expect(stepsOf([], 0, 100, 20)).toBe('')
  const samples = [
    { at: 0, total: 5 },
    { at: SAMPLE_MS, total: 10 },
  ]
  expect(stepsOf(samples, 2 * SAMPLE_MS, 100, 20)).toBe('M0 10H50V0H100')
})
