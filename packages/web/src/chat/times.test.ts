import { describe, expect, test } from 'vitest'
import { countdownText, dayText } from './times.ts'

const day = (year: number, month: number, date: number, hour = 12) => new Date(year, month, date, hour).getTime()

describe('dayText', () => {
  const now = day(2026, 0, 1, 0)
  test('names today and yesterday, also over a new year', () => {
    expect(dayText(day(2026, 0, 1, 23), now)).toBe('Today')
    expect(dayText(day(2025, 11, 31), now)).toBe('Yesterday')
  })
  test('says the year only when it is another one', () => {
    expect(dayText(day(2025, 5, 5), now)).toContain('2025')
    expect(dayText(day(2026, 5, 5), day(2026, 6, 5))).not.toContain('2026')
  })
})

test.each([
  [0, '0:00'],
  [-5, '0:00'],
  [1, '0:01'],
  [59_001, '1:00'],
  [61_000, '1:01'],
])('countdownText(%i) is %s', (ms, text) => expect(countdownText(ms)).toBe(text))
