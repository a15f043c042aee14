import { expect, test } from 'vitest'
import { digitsOf } from './clock-text.ts'

test.each([
  [0, '0:00'],
  [-5_000, '0:00'],
  [1, '0:01'],
  [59_000, '0:59'],
  [59_001, '1:00'],
  [3_599_000, '59:59'],
  [3_600_000, '1:00:00'],
  [3_661_000, '1:01:01'],
])('%i ms read as %s', (ms, text) => {
  expect(digitsOf(ms)).toBe(text)
})
