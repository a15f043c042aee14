import type { CommandId, RoomId, Seq } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Reader, Sees, StoredEntry } from '../log.ts'
import type { PostgresReads } from '../postgres-reads.ts'
import { MergedReads } from './merge.ts'
import { Overlay } from './overlay.ts'

const ROOM = 'room' as RoomId
const SEES: Sees[] = ['everyone', 'staff', 'only:ann' as Sees]
const READERS: Reader[] = ['all', { audience: 'everyone', user: null }, { audience: 'staff', user: null }]

/** A room of so many entries, two of each command, some about an earlier one. */
function roomOf(count: number): StoredEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    id: `command-${Math.floor(at / 2)}` as CommandId,
    at: 10 * Math.floor(at / 3),
    sees: SEES[at % 3] ?? 'everyone',
    about: at % 4 === 3 ? at - 1 : null,
    json: `${at + 1}`,
  }))
}

/** What PostgreSQL would say of a room of these entries; what it says of a whole room is what the two together must say. */
function keptReads(entries: readonly StoredEntry[]) {
  const sees = (reader: Reader, entry: StoredEntry) =>
    reader === 'all' || entry.sees === 'everyone' || (entry.sees === 'staff' && reader.audience === 'staff')
  const reads: Pick<PostgresReads, 'find' | 'load' | 'ids' | 'read' | 'amendments' | 'seqAt'> = {
    find: async (_, id) => entries.findLast((entry) => entry.id === id)?.seq ?? null,
    load: async () => ({ head: entries.length, snapshot: null, entries: [...entries] }),
    ids: async (_, most) => entries.slice(Math.max(0, entries.length - most)).map(({ id, seq }) => ({ id, seq })),
    read: async (_, { after, through, limit, newestFirst, reader }) => {
      const found = entries.filter((entry) => entry.seq > after && entry.seq <= through && sees(reader, entry))
      return newestFirst === true ? found.slice(Math.max(0, found.length - limit)) : found.slice(0, limit)
    },
    amendments: async (_, { subjects, after, limit, reader }) =>
      entries
        .filter(
          (each) => each.seq > after && each.about !== null && subjects.includes(each.about) && sees(reader, each),
        )
        .slice(0, limit),
    seqAt: async (_, at) => entries.findLast((entry) => entry.at <= at)?.seq ?? 0,
  }
  return reads as PostgresReads
}

test('[R5] a room half in PostgreSQL and half in memory reads as if it were all in one place', async () => {
  const cases = fc.record({
    count: fc.integer({ min: 0, max: 30 }),
    kept: fc.nat(30),
    overlap: fc.nat(5),
    after: fc.nat(32),
    through: fc.nat(32),
    limit: fc.nat(12),
    newestFirst: fc.boolean(),
    reader: fc.constantFrom(...READERS),
    at: fc.nat(120),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ count, kept, overlap, after, through, limit, newestFirst, reader, at }) => {
      const all = roomOf(count)
      const upTo = Math.min(kept, count)
      // PostgreSQL has all that is not in memory, and perhaps some of what is.
      const newest = all.slice(Math.max(0, upTo - overlap))
      const merged = new MergedReads(keptReads(all.slice(0, upTo)))
      const whole = keptReads(all)
      const slice = { after, through, limit, newestFirst, reader }
      expect(await merged.read(ROOM, newest, slice)).toEqual(await whole.read(ROOM, slice))
      const amended = { subjects: [after, through, limit] as Seq[], after: 0, limit, reader }
      expect(await merged.amendments(ROOM, newest, amended)).toEqual(await whole.amendments(ROOM, amended))
      expect(await merged.seqAt(ROOM, newest, at)).toBe(await whole.seqAt(ROOM, at))
      expect(await merged.load(ROOM, newest)).toEqual(await whole.load(ROOM))
      expect(await merged.ids(ROOM, newest, limit)).toEqual(await whole.ids(ROOM, limit))
      const id = `command-${limit}` as CommandId
      expect(await merged.find(ROOM, newest, id)).toBe(await whole.find(ROOM, id))
    }),
  )
})

test('[R7] what PostgreSQL has is forgotten, record by record, and nothing else is', () => {
  const overlay = new Overlay()
  const entries = roomOf(6)
  const other = 'other' as RoomId
  overlay.add(10, [{ room: ROOM, after: 0, entries: entries.slice(0, 2), deadline: 5 }])
  overlay.add(12, [
    { room: ROOM, after: 2, entries: entries.slice(2, 5), deadline: null },
    { room: other, after: 7, entries: [], deadline: 9 },
  ])
  overlay.add(13, [{ room: ROOM, after: 5, entries: entries.slice(5), deadline: 8 }])
  const seen = overlay.entries(ROOM)
  overlay.trim(12)
  expect(overlay.entries(ROOM)).toEqual(entries.slice(2))
  expect(seen).toEqual(entries)
  expect(overlay.chars).toBe(4)
  expect(overlay.deadlines()).toEqual(
    new Map([
      [ROOM, 8],
      [other, 9],
    ]),
  )
  overlay.trim(13)
  expect(overlay.has(other)).toBe(false)
  expect(overlay.head(ROOM)).toBe(6)
  overlay.trim(14)
  expect(overlay.has(ROOM)).toBe(false)
  expect(overlay.empty).toBe(true)
  expect(overlay.chars).toBe(0)
})
