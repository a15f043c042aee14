import type { Batch, RoomId, UserId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonPacket, encodeFrame, entriesFor, packetFor } from './frame.ts'
import type { FrameEntry } from './frame.ts'

const ROOM = 'room-1' as RoomId
const USERS = ['ann', 'bob', 'cid'] as UserId[]
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const frameEntry: fc.Arbitrary<FrameEntry> = fc.record({
  json: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => JSON.stringify({ text })),
  only: fc.option(fc.constantFrom(...USERS), { freq: 2 }),
})

function parse(packet: Uint8Array): Batch {
  const text = decode(packet)
  expect(text.startsWith('2["batch",')).toBe(true)
  return (JSON.parse(text.slice(1)) as [string, Batch])[1]
}

test('[R6] each user gets the common entries and their own, in their order, and nobody gets another’s', () => {
  fc.assert(
    fc.property(fc.array(frameEntry, { maxLength: 12 }), fc.nat(), (entries, after) => {
      const frame = encodeFrame({ room: ROOM, audience: 'everyone', after, through: after + entries.length, entries })
      for (const user of [...USERS, 'dan' as UserId]) {
        const visible = entries.filter((each) => each.only === null || each.only === user).map((each) => each.json)
        const batch = parse(packetFor(frame, user))
        expect({ ...batch, entries: batch.entries.map((each) => JSON.stringify(each)) }).toEqual({
          room: ROOM,
          after,
          through: after + entries.length,
          entries: visible,
        })
        expect(decode(entriesFor(frame, user))).toBe(visible.join(','))
      }
      const common = parse(commonPacket(frame)).entries.map((each) => JSON.stringify(each))
      expect(common).toEqual(entries.filter((each) => each.only === null).map((each) => each.json))
    }),
  )
})

test('[R7] a frame grows with its entries and not with the number of users they are for', () => {
  const entries = Array.from({ length: 2_000 }, (_, at) => [
    { json: JSON.stringify({ at, text: 'x'.repeat(100) }), only: null },
    { json: JSON.stringify({ at }), only: `u-${at}` as UserId },
  ]).flat()
  const { packet } = encodeFrame({ room: ROOM, audience: 'staff', after: 0, through: 4_000, entries })
  const chars = entries.reduce((sum, entry) => sum + entry.json.length, 0)
  expect(packet.length).toBeLessThan(chars + entries.length + 200)
})

test('a frame without entries moves the cursor on', () => {
  const barred = [{ user: USERS[0] ?? ('' as UserId), barred: true }]
  const frame = encodeFrame({ room: ROOM, audience: 'staff', after: 4, through: 9, entries: [], barred })
  expect(parse(frame.packet)).toEqual({ room: ROOM, after: 4, through: 9, entries: [] })
  expect(frame.header.barred).toEqual(barred)
  expect(entriesFor(frame, 'ann' as UserId)).toHaveLength(0)
})
