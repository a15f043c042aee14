import { expect, test } from 'vitest'
import type { RoomAppend } from '../log/log.ts'
import { storedEntry } from '../testing/entries.ts'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { OutputGate } from './gate.ts'
import type { Room } from './room.ts'

/** A gate whose appends end when the test says so, and rooms of which it knows only how much is not durable. */
function setUp() {
  const runtime = new TestRuntime()
  const appends: { batch: RoomAppend[]; done: () => void; broke: (error: Error) => void }[] = []
  const events: string[] = []
  const failures: Error[] = []
  const gate: OutputGate = new OutputGate({
    defer: (run) => runtime.defer(run),
    append: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      appends.push({ batch, done: resolve, broke: reject })
      return promise
    },
    released: (group) => {
      for (const [room, entries] of group.rooms) {
        room.unreleased -= entries.length
        events.push(`durable ${room.id} ${entries.length}`)
      }
    },
    failed: (error) => {
      failures.push(error)
      gate.close(error)
    },
  })
  const makeRoom = (id: string) => {
    const room = { id, unreleased: 0, head: 0, deadline: () => null }
    return room as unknown as Room
  }
  const add = (room: Room, count: number) => {
    const entries = Array.from({ length: count }, () => storedEntry(++room.head))
    room.unreleased += count
    gate.add(room, entries)
  }
  const hold = (room: Room, name: string, awaited = false) =>
    gate.hold(room, {
      awaited,
      release: () => events.push(name),
      fail: (error) => events.push(`${name} failed: ${error.message}`),
    })
  return { runtime, appends, events, failures, gate, makeRoom, add, hold }
}

test('[R11] an output waits for the entries it shows, and no longer', async () => {
  const { runtime, appends, events, makeRoom, add, hold } = setUp()
  const room = makeRoom('a')
  hold(room, 'shows nothing new')
  add(room, 2)
  hold(room, 'shows both')
  await runtime.settle()
  expect(events).toEqual(['shows nothing new'])
  appends[0]?.done()
  await runtime.settle()
  expect(events).toEqual(['shows nothing new', 'durable a 2', 'shows both'])
  hold(room, 'after')
  expect(events.at(-1)).toBe('after')
})

test('what arrives while an append is in flight is the next one, for all rooms together', async () => {
  const { runtime, appends, makeRoom, add, events } = setUp()
  const [a, b] = [makeRoom('a'), makeRoom('b')]
  add(a, 1)
  await runtime.settle()
  for (let round = 0; round < 5; round++) {
    add(a, 1)
    add(b, 2)
    await runtime.settle()
  }
  expect(appends).toHaveLength(1)
  appends[0]?.done()
  await runtime.settle()
  expect(appends[1]?.batch.map(({ room, after, entries }) => [room, after, entries.length])).toEqual([
    ['a', 1, 5],
    ['b', 0, 10],
  ])
  expect(events).toEqual(['durable a 1'])
})

test('[R11] outputs of a room keep their order, also when another room has newer entries waiting', async () => {
  const { runtime, appends, events, makeRoom, add, hold } = setUp()
  const [a, b] = [makeRoom('a'), makeRoom('b')]
  add(a, 1)
  await runtime.settle()
  add(b, 1)
  hold(a, 'first of a')
  appends[0]?.done()
  await runtime.settle()
  hold(a, 'second of a')
  expect(events).toEqual(['durable a 1', 'first of a', 'second of a'])
})

test('[R11] after a failed append nothing is released: not its group, not the next, not what comes later', async () => {
  const { runtime, appends, events, failures, gate, makeRoom, add, hold } = setUp()
  const room = makeRoom('a')
  add(room, 1)
  hold(room, 'one')
  await runtime.settle()
  add(room, 1)
  hold(room, 'two')
  appends[0]?.broke(new Error('gone'))
  await runtime.settle()
  hold(room, 'three')
  expect(events).toEqual(['one failed: gone', 'two failed: gone', 'three failed: gone'])
  expect(failures).toHaveLength(1)
  expect(appends).toHaveLength(1)
  await gate.settled()
})

test('[R11] an answer of the log that comes after the end releases nothing', async () => {
  const { runtime, appends, events, gate, makeRoom, add, hold } = setUp()
  const room = makeRoom('a')
  add(room, 1)
  hold(room, 'one')
  await runtime.settle()
  gate.close(new Error('over'))
  appends[0]?.done()
  await runtime.settle()
  expect(events).toEqual(['one failed: over'])
})

test('[R9] settling waits for what is in flight and for what came behind it', async () => {
  const { runtime, appends, gate, makeRoom, add } = setUp()
  const room = makeRoom('a')
  await gate.settled()
  add(room, 1)
  await runtime.settle()
  add(room, 1)
  let settled = false
  void gate.settled().then(() => (settled = true))
  appends[0]?.done()
  await runtime.settle()
  expect(settled).toBe(false)
  appends[1]?.done()
  await runtime.settle()
  expect(settled).toBe(true)
})

test('[R7] [R11] who is awaited can be let go before the append ends; all else is released by it as ever', async () => {
  const { runtime, appends, events, gate, makeRoom, add, hold } = setUp()
  const room = makeRoom('a')
  add(room, 1)
  hold(room, 'an answer', true)
  hold(room, 'a digest')
  await runtime.settle()
  add(room, 1)
  hold(room, 'the next answer', true)
  gate.giveUp(new Error('late'))
  expect(events).toEqual(['an answer failed: late', 'the next answer failed: late'])
  hold(room, 'a later answer', true)
  appends[0]?.done()
  await runtime.settle()
  expect(events.slice(2)).toEqual(['durable a 1', 'a digest'])
  appends[1]?.done()
  await runtime.settle()
  expect(events.slice(4)).toEqual(['durable a 1', 'a later answer'])
})
