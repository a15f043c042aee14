import { expect, test } from 'vitest'
import { capacity } from './capacity.ts'
import { inTurn, median, medianRatio } from './rounds.ts'

test('the median is the middle one, or between the middle two', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow('no median')
})

test('a ratio is told of those measured one after the other, whatever the machine did meanwhile', () => {
  expect(medianRatio([2, 20, 200], [1, 10, 50])).toBe(2)
  expect(() => medianRatio([], [])).toThrow('no median')
  expect(medianRatio([1], [])).toBeNaN()
})

test('sides are measured in turn, and each one’s median is answered', async () => {
  const order: string[] = []
  const side = (name: string, figures: number[]) => async () => {
    order.push(name)
    return figures.shift() ?? NaN
  }
  const lines: string[] = []
  const medians = await inTurn(3, { a: side('a', [3, 1, 2]), b: side('b', [10, 30, 20]) }, (line) => lines.push(line))
  expect(medians).toEqual({ a: 2, b: 20 })
  expect(order.join('')).toBe('ababab')
  expect(lines[0]).toBe('round 1 of 3: a 3, b 10')
})

test.each([[1], [40], [977], [30_000]])(
  'the greatest load that is borne is found from any guess, to within a tenth: %i',
  async (most) => {
    for (const guess of [1, 100, 100_000]) {
      const found = await capacity(guess, 1, async (perSecond) => perSecond <= most)
      expect(found).toBeLessThanOrEqual(most)
      expect(found).toBeGreaterThan(most / 1.11)
    }
  },
)

test('a load that nobody bears comes to nothing', async () => {
  expect(await capacity(100, 2, async () => false)).toBe(0)
})
