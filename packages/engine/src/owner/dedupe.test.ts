import type { CommandId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DedupeWindow } from './dedupe.ts'

const id = (n: number) => `c-${n}` as CommandId

test('[R3] the window knows exactly the newest ids, and says whether it may have forgotten one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 60 }),
      (max, ids) => {
        const window = new DedupeWindow(max, 0)
        for (const [at, each] of ids.entries()) window.add(id(each), { seq: at + 1 }, Infinity)
        const kept = new Set(ids.slice(-max))
        for (const [at, each] of ids.entries())
          expect(window.get(id(each))).toEqual(kept.has(each) ? { seq: at + 1 } : undefined)
        const forgotten = Math.max(0, ids.length - max)
        expect(window.mayHaveForgotten(forgotten)).toBe(false)
        if (forgotten > 0) expect(window.mayHaveForgotten(forgotten - 1)).toBe(true)
      },
    ),
  )
})

test('[R3] a command of several entries takes one place and answers with its last', () => {
  const window = new DedupeWindow(2, 0)
  window.add(id(1), { seq: 1 }, Infinity)
  window.add(id(2), { seq: 2 }, Infinity)
  window.add(id(2), { seq: 3 }, Infinity)
  window.add(id(2), { seq: 4 }, Infinity)
  expect(window.get(id(1))).toEqual({ seq: 1 })
  expect(window.get(id(2))).toEqual({ seq: 4 })
  expect(window.mayHaveForgotten(0)).toBe(false)
})

test('[R3] a window that began with a part of the log may have forgotten what lies before it', () => {
  const window = new DedupeWindow(10, 7)
  expect(window.mayHaveForgotten(0)).toBe(true)
  expect(window.mayHaveForgotten(7)).toBe(false)
})

test('[R3] what the log does not have yet is not forgotten, however much comes after it', () => {
  const window = new DedupeWindow(2, 0)
  for (let n = 1; n <= 5; n++) window.add(id(n), { seq: n }, 1)
  expect([1, 2, 3, 4, 5].map((n) => window.get(id(n)) !== undefined)).toEqual([false, true, true, true, true])
  window.add(id(6), { seq: 6 }, 5)
  expect([2, 3, 4, 5, 6].map((n) => window.get(id(n)) !== undefined)).toEqual([false, false, false, true, true])
})
