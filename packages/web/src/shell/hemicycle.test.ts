import { expect, test } from 'vitest'
import { HALL_WIDTH, hemicycle } from './hemicycle.ts'

test('seats lie within the hall, none on another, and fill from the middle of the first row', () => {
  const seats = hemicycle(5)
  for (const { x, y } of seats) {
    expect(x).toBeGreaterThanOrEqual(5)
    expect(x).toBeLessThanOrEqual(HALL_WIDTH - 5)
    expect(y).toBeGreaterThan(0)
  }
  const apart = seats.flatMap((one, at) =>
    seats.slice(at + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)),
  )
  expect(Math.min(...apart)).toBeGreaterThan(9.3)
  expect(Math.abs((seats[0]?.x ?? 0) - HALL_WIDTH / 2)).toBeLessThan(10)
})
