import { LIMITS } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storedEntry } from '../testing/entries.ts'
import { RecentEntries } from './recent.ts'

test('[R5] what it gives is exactly what lies between, or nothing at all', () => {
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.nat({ max: 2_600 }), fc.nat({ max: 2_700 }), (start, count, asked) => {
      const recent = new RecentEntries()
      for (let seq = start + 1; seq <= start + count; seq++) recent.add(storedEntry(seq))
      const head = start + count
      const after = Math.min(asked, head + 1)
      const given = recent.since(after, head)
      const oldest = Math.max(start + 1, head - LIMITS.snapshotEntries + 1)
      if (after >= head) expect(given).toEqual([])
      else if (after + 1 < oldest) expect(given).toBeNull()
      else
        expect(given?.map((each) => each.seq)).toEqual(Array.from({ length: head - after }, (_, at) => after + at + 1))
    }),
    { numRuns: 60 },
  )
})

test('[R7] it keeps no more text than its limit, and at least what fits', () => {
  const recent = new RecentEntries()
  for (let seq = 1; seq <= 100; seq++) recent.add(storedEntry(seq, 100_000))
  expect(recent.since(0, 100)).toBeNull()
  const fitting = Math.floor(LIMITS.ringBytes / storedEntry(100, 100_000).json.length)
  expect(recent.since(100 - fitting, 100)).toHaveLength(fitting)
  expect(recent.since(100 - fitting - 1, 100)).toBeNull()
})
