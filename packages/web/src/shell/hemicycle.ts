/** A seat of the drawn hall, in units of the hall's width; `y` counts down from the top. */
export interface Seat {
  x: number
  y: number
}

/** Width of the drawing; its height is half of it and one seat more. */
export const HALL_WIDTH = 200
const INNER_RADIUS = 38
const OUTER_RADIUS = 92

/** Seats in half-rings around the speaker, spaced evenly, from the middle of the first row outwards and back. */
export function hemicycle(rows: number, gap = 14): Seat[] {
  const seats: (Seat & { order: number })[] = []
  for (let row = 0; row < rows; row++) {
    const radius = INNER_RADIUS + ((OUTER_RADIUS - INNER_RADIUS) * row) / Math.max(1, rows - 1)
    const count = Math.round((Math.PI * radius) / gap) + 1
    for (let index = 0; index < count; index++) {
      const angle = (Math.PI * index) / (count - 1)
      const x = HALL_WIDTH / 2 + radius * Math.cos(angle)
      const y = OUTER_RADIUS + 8 - radius * Math.sin(angle)
      seats.push({ x, y, order: row + Math.abs(angle - Math.PI / 2) * 2.2 })
    }
  }
  return seats.toSorted((a, b) => a.order - b.order || a.x - b.x).map(({ x, y }) => ({ x, y }))
}
