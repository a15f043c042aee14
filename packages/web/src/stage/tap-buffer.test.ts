import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tapBuffer } from './tap-buffer.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a hundred taps in a second are a handful of tellings, and none of them is lost', () => {
  const told: Partial<Record<string, number>>[] = []
  const buffer = tapBuffer((counts) => told.push(counts), 50)
  for (let at = 0; at < 100; at++) {
    buffer.tap(at % 2 === 0 ? 'clap' : 'heart')
    vi.advanceTimersByTime(10)
  }
  buffer.stop()
  expect(told[0]).toEqual({ clap: 1 })
  expect(told.length).toBeLessThan(6)
  expect(told.reduce((sum, { clap = 0, heart = 0 }) => sum + clap + heart, 0)).toBe(100)
  expect(vi.getTimerCount()).toBe(0)
})

test('a lonely tap goes out at once, and a lot has a limit', () => {
  const told: Partial<Record<string, number>>[] = []
  const buffer = tapBuffer((counts) => told.push(counts), 3)
  buffer.tap('party')
  expect(told).toEqual([{ party: 1 }])
  for (let at = 0; at < 10; at++) buffer.tap('party')
  buffer.stop()
  expect(told).toEqual([{ party: 1 }, { party: 3 }])
})
