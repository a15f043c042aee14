import type { Audience, Identity, UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import type { ClientSocket } from './client-socket.ts'
import { Connection } from './connection.ts'
import type { JoinedRoom, Membership } from './connection.ts'
import { Members } from './members.ts'
import { frameOnce } from './outgoing.ts'

const packet = (text: string) => frameOnce(new TextEncoder().encode(text))

/** A room with so many sockets in it, each of somebody else. `turn` takes the next turn alone, the runtime all of them. */
function room(count: number, audience: Audience = 'everyone') {
  const runtime = new TestRuntime()
  const turns: (() => void)[] = []
  const defer = runtime.defer.bind(runtime)
  runtime.defer = (run) => {
    turns.push(run)
    defer(() => {
      if (turns.includes(run)) turn()
    })
  }
  const turn = () => turns.shift()?.()
  const members = new Members(runtime)
  const told: string[][] = []
  const come = (): Membership => {
    const texts: string[] = []
    const index = told.push(texts) - 1
    const socket = {
      id: `socket-${index}`,
      write: (outgoing) => void texts.push(outgoing.text),
      waitingBytes: () => 0,
    } as Partial<ClientSocket> as ClientSocket
    const identity = { user: `user-${index}` as UserId } as Identity
    const connection = new Connection(socket, identity, 0)
    const channel = {} as JoinedRoom
    const membership = {
      connection,
      channel,
      role: 'attendee',
      audience,
      at: 0,
      behind: null,
      catchingUp: false,
    } as const
    members.add(membership)
    return membership
  }
  const memberships = Array.from({ length: count }, come)
  const toldTo = (text: string) => told.filter((texts) => texts.includes(text)).length
  return { runtime, turn, members, memberships, come, told, toldTo }
}

test('what is told in turns to thousands lets entries through between two turns, and all get it once', async () => {
  const { runtime, turn, members, toldTo, told } = room(2_000)
  members.tellInTurns(packet('who is there'))
  turn()
  expect(toldTo('who is there')).toBeGreaterThan(0)
  expect(toldTo('who is there')).toBeLessThan(500)
  members.tell(packet('entry'))
  expect(toldTo('entry')).toBe(2_000)
  await runtime.advance(0)
  expect(toldTo('who is there')).toBe(2_000)
  for (const texts of told) expect(texts.toSorted()).toEqual(['entry', 'who is there'])
})

test('[R6] who leaves while something is told in turns hears no more of it', async () => {
  const { runtime, turn, members, memberships, told } = room(1_000)
  members.tellInTurns(packet('who is there'))
  turn()
  const gone = memberships.filter((_, index) => told[index]?.length === 0)
  for (const each of gone) members.remove(each)
  await runtime.advance(0)
  expect(told.flat()).toHaveLength(1_000 - gone.length)
  expect(gone.length).toBeGreaterThan(0)
  expect(gone.length).toBeLessThan(1_000)
})

test('who comes when others have yet to be told who is there is not told: the count is from before them', async () => {
  const { runtime, turn, members, come, told } = room(1_000)
  members.tellInTurns(packet('who is there'))
  come()
  turn()
  come()
  await runtime.advance(0)
  expect([told.length, told.flat().length, told.slice(-2)]).toEqual([1_002, 1_000, [[], []]])
})

test('two things that are told in turns come to each in their order, also once few are left', async () => {
  const { runtime, turn, members, memberships, told } = room(1_000)
  members.tellInTurns(packet('first'))
  turn()
  for (const each of memberships.slice(0, 900)) members.remove(each)
  members.tellInTurns(packet('second'))
  await runtime.advance(0)
  for (const texts of told.slice(900)) expect(texts).toEqual(['first', 'second'])
})

test('a room that few are in is told in one turn, and whoever lags behind is not told', () => {
  const { turn, members, memberships, told, toldTo } = room(100, 'staff')
  const slow = memberships[3]
  if (slow !== undefined) slow.behind = 7
  members.tellInTurns(packet('who is there'))
  turn()
  expect([toldTo('who is there'), told[3]]).toEqual([99, []])
})
