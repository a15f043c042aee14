import type { CommandId, RoomId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from './record.ts'

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))

test('[R10] a record comes back as it was, whatever its texts hold', () => {
  const entries = fc.array(
    fc.record({
      id: fc.uuid(),
      at: fc.nat(),
      about: fc.option(fc.nat()),
      text,
      sees: fc.constantFrom('everyone', 'only:ann'),
    }),
  )
  const rooms = fc.array(fc.record({ room: fc.string(), after: fc.nat(), deadline: fc.option(fc.nat()), entries }))
  fc.assert(
    fc.property(rooms, (given) => {
      const batch = given.map(({ room, after, deadline, entries: own }) => ({
        room: room as RoomId,
        after,
        deadline,
        entries: own.map(({ id, at, about, sees, text: body }, index) => ({
          seq: after + index + 1,
          id: id as CommandId,
          at,
          sees: sees as 'everyone',
          about,
          json: JSON.stringify(body),
        })),
      }))
      const record = { epoch: 3, n: 9, batch }
      expect(decodeRecord(encodeRecord(record))).toEqual(record)
    }),
  )
  const fence = { epoch: 4, token: 'a-token' }
  expect(decodeRecord(encodeRecord(fence))).toEqual(fence)
})

test('a record of a newer version is refused', () => {
  expect(() => decodeRecord(Buffer.from('{"v":2,"epoch":1}\n'))).toThrow('version 2')
})
