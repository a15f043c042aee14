import { LIMITS } from '@plenary/kinds'
import type { Presence, PresenceMember, RoomId, UserId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoomPresence } from './presence.ts'

const ROOM = 'r' as RoomId
const member = (n: number, name = `name ${n}`): PresenceMember => ({ id: `u-${n}` as UserId, name, role: 'attendee' })
const NEWCOMER = member(50)

/** As a client reads a packet. */
const toldBy = (pieces: readonly Uint8Array[]) =>
  (JSON.parse(Buffer.concat(pieces).toString().slice(1)) as [string, Presence])[1]

/** What a client makes of what it is told. */
class Listener {
  total = 0
  names = new Map<UserId, string>()

  hear(presence: Presence | null): void {
    if (presence === null) return
    this.total = presence.total
    if (presence.sample !== undefined) this.names = new Map(presence.sample.map(({ id, name }) => [id, name]))
    for (const { id, name } of presence.joined ?? []) this.names.set(id, name)
    for (const id of presence.left ?? []) this.names.delete(id)
  }
}

type Step =
  | { do: 'enter'; who: number; name: string }
  | { do: 'leave'; who: number }
  | { do: 'tell' }
  | { do: 'report'; node: string; who: number[] }
  | { do: 'come late' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      who: fc.nat({ max: 12 }),
      name: fc.constantFrom('Ann', 'Bo'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat({ max: 12 }) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'tell' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      node: fc.constantFrom('n-2', 'n-3'),
      who: fc.uniqueArray(fc.integer({ min: 20, max: 30 }), { maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'come late' as const }) },
)

test('a client that folds what it is told knows who is there, whenever it came', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const presence = new RoomPresence(ROOM)
      const sockets = new Map<number, number>()
      const names = new Map([[50, NEWCOMER.name]])
      const others = new Map<string, number[]>()
      const listeners = [new Listener()]
      for (const each of steps) {
        if (each.do === 'enter') {
          presence.enter(member(each.who, each.name))
          sockets.set(each.who, (sockets.get(each.who) ?? 0) + 1)
          names.set(each.who, each.name)
        } else if (each.do === 'leave') {
          if ((sockets.get(each.who) ?? 0) === 0) continue
          presence.leave(member(each.who).id)
          sockets.set(each.who, (sockets.get(each.who) ?? 0) - 1)
        } else if (each.do === 'report') {
          others.set(each.node, each.who)
          presence.hear(each.node, { total: each.who.length, members: each.who.map((who) => member(who)) }, 0)
        } else if (each.do === 'come late') {
          presence.enter(NEWCOMER)
          sockets.set(50, 1)
          const late = new Listener()
          late.hear(toldBy(presence.packetFor(NEWCOMER)))
          listeners.push(late)
        } else {
          const told = presence.changes(0)
          for (const listener of listeners) listener.hear(told)
        }
      }
      const last = presence.changes(0)
      for (const listener of listeners) listener.hear(last)
      const truth = new Map<string, string>()
      for (const [who, count] of sockets) if (count > 0) truth.set(member(who).id, names.get(who) ?? '')
      for (const away of others.values()) for (const who of away) truth.set(member(who).id, member(who).name)
      for (const listener of listeners) {
        expect(listener.total).toBe(truth.size)
        expect(new Map(listener.names)).toEqual(truth)
      }
    }),
  )
})

test('[R7] many are a count with a sample, and names again when they are few', () => {
  const presence = new RoomPresence(ROOM)
  const listener = new Listener()
  for (let who = 0; who < LIMITS.presenceNames; who++) presence.enter(member(who))
  listener.hear(presence.changes(0))
  expect(listener.names.size).toBe(LIMITS.presenceNames)
  for (let who = 100; who < 500; who++) presence.enter(member(who))
  const many = presence.changes(0)
  expect(many?.total).toBe(500)
  expect(many?.joined).toBeUndefined()
  expect(many?.sample).toHaveLength(LIMITS.presenceNames)
  presence.enter(member(500))
  expect(presence.changes(0)).toEqual({ room: ROOM, total: 501 })
  expect(presence.changes(0)).toBeNull()
  expect(toldBy(presence.packetFor(NEWCOMER)).sample).toHaveLength(LIMITS.presenceNames)
  for (let who = 5; who <= 500; who++) presence.leave(member(who).id)
  listener.hear(presence.changes(0))
  expect([...listener.names.keys()].toSorted()).toEqual([0, 1, 2, 3, 4].map((who) => member(who).id))
})

test('a gateway that fell silent is no longer counted', () => {
  const presence = new RoomPresence(ROOM)
  presence.hear('n-2', { total: 3, members: [member(1), member(2), member(3)] }, 0)
  expect(presence.changes(0)?.total).toBe(3)
  expect(presence.changes(30_000)).toBeNull()
  expect(presence.changes(30_001)).toMatchObject({ total: 0, left: ['u-1', 'u-2', 'u-3'] })
})

test('one person with several sockets, or on two gateways, is one', () => {
  const presence = new RoomPresence(ROOM)
  expect(presence.enter(member(1))).toBe(true)
  expect(presence.enter(member(1))).toBe(false)
  presence.hear('n-2', { total: 1, members: [member(1)] }, 0)
  expect(presence.changes(0)).toMatchObject({ total: 1, joined: [member(1)] })
  expect(presence.leave(member(1).id)).toBe(false)
  expect(presence.changes(0)).toBeNull()
  expect(presence.leave(member(1).id)).toBe(true)
  expect(presence.leave(member(1).id)).toBe(false)
})
