import type { RoomId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BEGINNING, judge } from './admission.ts'
import type { LogRecord } from './record.ts'

const fence = (epoch: number): LogRecord => ({ epoch, token: `token-${epoch}` })
const append = (epoch: number, n: number): LogRecord => ({
  epoch,
  n,
  batch: [{ room: 'r' as RoomId, after: 0, entries: [], deadline: null }],
})

/** Which of these count, and where the reader stands after them. */
function judgeAll(records: readonly LogRecord[], from = BEGINNING) {
  let position = from
  const counted: LogRecord[] = []
  records.forEach((record, at) => {
    const judged = judge(position, from.next + at, record)
    if (judged.counts) counted.push(record)
    position = judged.position
  })
  return { counted, position }
}

test('[R4] after a fence nothing of a lower epoch counts, nor a fence that is not above it', () => {
  const records = [fence(1), append(1, 1), fence(3), append(1, 2), fence(2), append(3, 1), fence(3), append(3, 2)]
  const { counted, position } = judgeAll(records)
  expect(counted).toEqual([records[0], records[1], records[2], records[5], records[7]])
  expect(position).toEqual({ next: 8, epoch: 3, n: 2 })
})

test('[R3] an append that was sent twice counts once', () => {
  expect(judgeAll([fence(1), append(1, 1), append(1, 1), append(1, 2), append(1, 1)]).counted).toHaveLength(3)
})

test('[R1] that an append is missing is told and not passed over', () => {
  expect(() => judgeAll([fence(1), append(1, 2)])).toThrow('missing')
  expect(() => judgeAll([fence(1), append(2, 1)])).toThrow('missing')
})

test('[R10] all readers agree, wherever they have paused and gone on', () => {
  // What owners may do: each fences, then appends 1, 2, 3, …; records of several of them mix, and some stand twice.
  const mixes = fc.array(fc.record({ owner: fc.integer({ min: 1, max: 4 }), again: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(mixes, fc.nat(), (steps, cut) => {
      const written = new Map<number, number>()
      const records = steps.flatMap(({ owner, again }) => {
        const n = written.get(owner)
        written.set(owner, (n ?? -1) + 1)
        const record = n === undefined ? fence(owner) : append(owner, n + 1)
        return again ? [record, record] : [record]
      })
      const whole = judgeAll(records)
      const at = cut % (records.length + 1)
      const first = judgeAll(records.slice(0, at))
      const second = judgeAll(records.slice(at), first.position)
      expect([...first.counted, ...second.counted]).toEqual(whole.counted)
      expect(second.position).toEqual(whole.position)
      const epochs = whole.counted.map(({ epoch }) => epoch)
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
    }),
  )
})
