import type { CommandId, RoomId, Seq } from '@plenary/kinds'
import { expect, test } from 'vitest'
import type { RoomAppend } from '../log.ts'
import { mergeAppends } from './merge-appends.ts'

function append(room: string, after: Seq, count: number, deadline: number | null = null): RoomAppend {
  const entries = Array.from({ length: count }, (_, at) => {
    const seq = after + at + 1
    return { seq, id: `${room}-${seq}` as CommandId, at: seq, sees: 'everyone' as const, about: null, json: `${seq}` }
  })
  return { room: room as RoomId, after, entries, deadline }
}
/** Carried out one after the other: each room's seqs, and its last deadline. Throws where one does not follow on. */
function carryOut(batches: readonly (readonly RoomAppend[])[]) {
  const rooms = new Map<RoomId, { seqs: Seq[]; deadline: number | null }>()
  for (const { room, after, entries, deadline } of batches.flat()) {
    const seqs = rooms.get(room)?.seqs ?? []
    if (seqs.length !== after) throw new Error(`${room} is at ${seqs.length}, not at ${after}.`)
    rooms.set(room, { seqs: [...seqs, ...entries.map(({ seq }) => seq)], deadline })
  }
  return rooms
}

test('[R2] many small appends become one batch that names each room once and comes to the same', () => {
  const given = [
    [append('a', 0, 2), append('b', 0, 1, 50)],
    [append('a', 2, 1, 7)],
    [append('b', 1, 3), append('a', 3, 0, 9)],
  ]
  const merged = mergeAppends(given)
  expect(merged).toHaveLength(1)
  expect(merged[0]?.map(({ room }) => room)).toEqual(['a', 'b'])
  expect(carryOut(merged)).toEqual(carryOut(given))
})

test('[R7] a large append is cut into batches of bounded size that come to the same', () => {
  const given = [[append('a', 0, 4_500, 1), append('b', 0, 10)], [append('a', 4_500, 700, 2)]]
  const merged = mergeAppends(given)
  expect(Math.max(...merged.map((batch) => batch.flatMap(({ entries }) => entries).length))).toBeLessThanOrEqual(2_000)
  expect(carryOut(merged)).toEqual(carryOut(given))
  for (const batch of merged) expect(new Set(batch.map(({ room }) => room)).size).toBe(batch.length)
})
