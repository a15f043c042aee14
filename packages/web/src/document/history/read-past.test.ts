import { PlenaryError, type api } from '@plenary/kinds'
import type { Version } from '@plenary/kinds/document'
import { expect, test } from 'vitest'
import { readPast } from './read-past.ts'

const change = (through: number, name: string, restored = false): api.DocumentChange => ({
  people: [{ id: name as never, name }],
  after: through - 1,
  through,
  at: through * 1_000,
  restored,
  update: 'AAA',
})
const version = { id: 'v', name: 'Draft', seq: 60_002, at: 7, by: { id: 'a', name: 'Ann' } } as unknown as Version

/** A server whose answers hold so many entries at most, and which is still reading once. */
function source(holds: number) {
  const asked: { at?: number; since: number }[] = []
  let waited = 0
  let reading = true
  return {
    asked,
    waited: () => waited,
    wait: async (ms: number) => void (waited += ms),
    documentAt: async (query: { at?: number; since: number }): Promise<api.DocumentAnswer> => {
      asked.push(query)
      const seq = query.at ?? 70_000
      if (seq - query.since > holds) throw new PlenaryError('too_large', 'Too much.')
      if (reading) {
        reading = false
        throw new PlenaryError('unavailable', 'Still read.', { reason: 'reading', retryAfter: 5 })
      }
      return { seq, head: 70_000, update: 'BBB', changes: [change(seq - 1, 'Ann'), change(seq, 'Bob', true)] }
    },
  }
}

test('a long past is read from now backwards, in stretches that one answer holds', async () => {
  const server = source(15_000)
  const { since, entries } = await readPast(server, [version], { at: null, head: 70_000 })
  expect(server.asked).toEqual([{ since: 50_000 }, { since: 65_000 }, { since: 65_000 }])
  expect(server.waited()).toBe(5)
  expect(since).toBe(65_000)
  expect(entries.map(({ seq, type, by }) => [seq, type, by?.name])).toEqual([
    [65_000, 'update', 'earlier writers'],
    [69_999, 'update', 'Ann'],
    [70_000, 'restored', 'Bob'],
  ])
  const before = await readPast(server, [version], { at: since, head: 70_000 })
  expect(server.asked.at(-1)).toEqual({ at: 65_000, since: 60_000 })
  expect(before.entries.map(({ seq, type }) => [seq, type])).toEqual([
    [60_000, 'update'],
    [60_002, 'version'],
    [64_999, 'update'],
    [65_000, 'restored'],
  ])
})

test('a short past begins with nothing, and what cannot be read is said', async () => {
  const { since, entries } = await readPast(source(15_000), [], { at: 900, head: 70_000 })
  expect(since).toBe(0)
  expect(entries).toHaveLength(2)
  await expect(readPast(source(0), [], { at: 900, head: 900 })).rejects.toMatchObject({ code: 'too_large' })
})
