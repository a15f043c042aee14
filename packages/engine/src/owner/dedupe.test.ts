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
        const window = new DedupeWindow(max, false)
        for (const [at, each] of ids.entries()) window.add(id(each), { seq: at + 1 })
        const kept = new Set(ids.slice(-max))
        for (const [at, each] of ids.entries())
          expect(window.get(id(each))).toEqual(kept.has(each) ? { seq: at + 1 } : undefined)
        expect(window.complete).toBe(ids.length <= max)
      },
    ),
  )
})

test('[R3] a command of several entries takes one place and answers with its last', () => {
  const window = new DedupeWindow(2, false)
  window.add(id(1), { seq: 1 })
  window.add(id(2), { seq: 2 })
  window.add(id(2), { seq: 3 })
  window.add(id(2), { seq: 4 })
  expect(window.get(id(1))).toEqual({ seq: 1 })
  expect(window.get(id(2))).toEqual({ seq: 4 })
  expect(window.complete).toBe(true)
})

test('[R3] a window that began with a part of the log is never complete', () => {
  expect(new DedupeWindow(10, true).complete).toBe(false)
})
