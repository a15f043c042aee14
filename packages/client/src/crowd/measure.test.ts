import type { CommandId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { Histogram, Ledger } from './measure.ts'

const id = (name: string) => name as CommandId

/** Two attendees, and three messages acknowledged. */
function ledger() {
  const book = new Ledger()
  const [ann, bob] = [book.receiver(1), book.receiver(1)]
  for (const at of [0, 10, 20]) book.acknowledged(book.send(at), at + 5)
  const told = (who: typeof ann, seq: number, message: number | null, name = `m${message}`) =>
    book.told(who, { seq, id: id(name), message }, 100)
  return { book, ann, bob, told }
}

test('all is well when everyone was told everything once and in order', () => {
  const { book, ann, bob, told } = ledger()
  expect(book.settled).toBe(false)
  for (const who of [ann, bob]) for (const message of [0, 1, 2]) told(who, message + 2, message)
  expect(book.settled).toBe(true)
  const log = new Map([0, 1, 2].map((message) => [message, [message + 2]]))
  expect(book.counts(log)).toEqual({
    sent: 3,
    acknowledged: 3,
    refused: 0,
    delivered: 6,
    lost: 0,
    duplicated: 0,
    reordered: 0,
  })
})

test('a message is lost that one attendee did not get, or that is not in the log', () => {
  const { book, ann, bob, told } = ledger()
  for (const message of [0, 1, 2]) told(ann, message + 2, message)
  for (const message of [0, 2]) told(bob, message + 2, message)
  expect(book.settled).toBe(false)
  expect(book.counts(null).lost).toBe(1)
  expect(book.counts(new Map([[1, [3]]])).lost).toBe(3)
})

test('nobody misses what an explicit reset skipped, or what came before them', () => {
  const { book, ann, bob, told } = ledger()
  for (const message of [0, 1, 2]) told(ann, message + 2, message)
  told(bob, 2, 0)
  book.reset(bob, { from: 2, to: 4 })
  book.receiver(4)
  expect(book.counts(null)).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 })
})

test('a message that was not acknowledged cannot be lost; a refused one is no reason to wait', () => {
  const book = new Ledger()
  book.receiver(1)
  const message = book.send(0)
  expect(book.settled).toBe(false)
  expect(book.counts(null).lost).toBe(0)
  book.refused(message)
  expect(book.settled).toBe(true)
})

test('an entry told twice, a message at two places and two places in the log are duplicates', () => {
  const one = ledger()
  one.told(one.ann, 2, 0)
  one.told(one.ann, 2, 0)
  expect(one.book.counts(null).duplicated).toBeGreaterThan(0)
  const two = ledger()
  two.told(two.ann, 2, 0)
  two.told(two.bob, 3, 0)
  expect(two.book.counts(null).duplicated).toBe(1)
  const three = ledger()
  expect(three.book.counts(new Map([[0, [2, 9]]])).duplicated).toBe(1)
})

test('a step back, and two entries at one place, are reordered', () => {
  const one = ledger()
  one.told(one.ann, 3, 1)
  one.told(one.ann, 2, 0)
  expect(one.book.counts(null).reordered).toBe(1)
  const two = ledger()
  two.told(two.ann, 2, 0)
  two.told(two.bob, 2, 1)
  expect(two.book.counts(null).reordered).toBe(1)
})

test('quantiles are right to two percent', () => {
  const histogram = new Histogram()
  expect(histogram.quantile(0.5)).toBeNull()
  for (let ms = 1; ms <= 1000; ms++) histogram.add(ms)
  expect(histogram.quantile(0.5)).toBeGreaterThanOrEqual(500)
  expect(histogram.quantile(0.5)).toBeLessThan(511)
  expect(histogram.quantile(0.99)).toBeGreaterThanOrEqual(990)
  expect(histogram.quantile(0.99)).toBeLessThan(1011)
  histogram.add(0)
  histogram.add(1e12)
  expect(histogram.total).toBe(1002)
})
