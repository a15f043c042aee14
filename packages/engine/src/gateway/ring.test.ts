import { LIMITS } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ringItem } from '../testing/entries.ts'
import { isChain, Ring } from './ring.ts'

test('[R5] what the ring gives covers exactly what is missing, or it gives null', () => {
  // Each batch: how many entries, and how far it reaches back into the one before.
  const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 3 })), { maxLength: 30 })
  fc.assert(
    fc.property(fc.nat({ max: 10 }), batches, fc.nat({ max: 170 }), (start, shapes, asked) => {
      const ring = new Ring()
      let head = start
      let previous = start
      for (const [count, overlap] of shapes) {
        const after = Math.max(previous, head - overlap)
        ring.push(ringItem(after, head + count))
        previous = head
        head += count
      }
      const after = asked % (head + 2)
      const given = ring.since(after)
      if (after < start && shapes.length > 0) {
        expect(given).toBeNull()
        return
      }
      expect(given).not.toBeNull()
      // Folding as a client does: each batch begins at or before the cursor and moves it on.
      let cursor = after
      for (const { frame } of given ?? []) {
        expect(frame.header.after).toBeLessThanOrEqual(cursor)
        expect(frame.header.through).toBeGreaterThan(cursor)
        cursor = frame.header.through
      }
      expect(cursor).toBe(shapes.length === 0 ? after : Math.max(after, head))
    }),
  )
})

test('[R7] the ring keeps so many batches and bytes at most, always the newest', () => {
  const many = new Ring()
  for (let at = 0; at < LIMITS.ringBatches + 5; at++) many.push(ringItem(at, at + 1))
  expect(many.since(4)).toBeNull()
  expect(many.since(5)).toHaveLength(LIMITS.ringBatches)
  const large = new Ring()
  for (let at = 0; at < 50; at++) large.push(ringItem(at, at + 1, 200_000))
  const fitting = Math.floor(LIMITS.ringBytes / ringItem(49, 50, 200_000).frame.packet.length)
  expect(large.since(50 - fitting)).toHaveLength(fitting)
  expect(large.since(50 - fitting - 1)).toBeNull()
})

test('after a clear it knows nothing and begins anew', () => {
  const ring = new Ring()
  ring.push(ringItem(0, 3))
  ring.clear()
  expect(ring.since(1)).toEqual([])
  ring.push(ringItem(7, 9))
  expect(ring.since(3)).toBeNull()
  expect(ring.since(8)).toHaveLength(1)
})

test('[R2] batches with an entry in two of them are no chain', () => {
  expect(isChain([], 3)).toBe(true)
  expect(isChain([ringItem(3, 5), ringItem(5, 6)], 3)).toBe(true)
  expect(isChain([ringItem(3, 5), ringItem(3, 6)], 3)).toBe(false)
  expect(isChain([ringItem(3, 5), ringItem(6, 7)], 3)).toBe(false)
  expect(isChain([ringItem(2, 5)], 3)).toBe(false)
})
