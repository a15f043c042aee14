import { expect, test } from 'vitest'
import { driftText, elapsedText, leftText, parseDuration } from './time-text.ts'

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [725_000, '12:05'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%d ms have passed: %s', (ms, text) => {
  expect(elapsedText(ms)).toBe(text)
})

test.each([
  [60_000, '1:00'],
  [59_001, '1:00'],
  [1, '0:01'],
  [0, '0:00'],
  [-7_900, '+0:07'],
])('%d ms are left: %s', (ms, text) => {
  expect(leftText(ms)).toBe(text)
})

test.each([
  [80_000, '+1:20'],
  [-30_500, '−0:30'],
  [-400, '0:00'],
])('%d ms beside the plan: %s', (ms, text) => {
  expect(driftText(ms)).toBe(text)
})

test.each([
  ['5', 300_000],
  [' 90 ', 5_400_000],
  ['5:30', 330_000],
  ['0:45', 45_000],
  ['1:05:00', 3_900_000],
  ['5:75', null],
  ['1:75:00', null],
  ['', null],
  ['soon', null],
  ['-3', null],
])('%j as a duration is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})
