import { PlenaryError } from '@plenary/kinds'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import type { Channel } from './channel.ts'
import { Verifying } from './verifying.ts'

/** A room that is asked for, and answers as the test says. */
class Asked {
  readonly room = 'room'
  closed = false
  times = 0
  answer = Promise.withResolvers<void>()

  async verify(): Promise<void> {
    this.times++
    await this.answer.promise
  }

  fail(why: Error): void {
    const { reject } = this.answer
    this.answer = Promise.withResolvers()
    reject(why)
  }
}

function setUp(count: number) {
  const runtime = new TestRuntime()
  const verifying = new Verifying({ runtime, logger: pino({ level: 'silent' }) })
  const rooms = Array.from({ length: count }, () => new Asked())
  verifying.add(rooms as unknown as Channel[])
  return { runtime, verifying, rooms }
}
const away = new PlenaryError('unavailable', 'Not now.')

test('[R7] of many rooms a few are asked for at once, and all in the end', async () => {
  const { runtime, rooms } = setUp(100)
  expect(rooms.filter(({ times }) => times > 0)).toHaveLength(32)
  for (const { answer } of rooms) answer.resolve()
  await runtime.settle()
  expect(rooms.map(({ times }) => times)).toEqual(rooms.map(() => 1))
})

test('[R5] a room whose owner does not say how far it reaches is asked for until it does', async () => {
  const { runtime, rooms } = setUp(1)
  const [room] = rooms as [Asked]
  for (let times = 1; times < 5; times++) {
    expect(room.times).toBe(times)
    room.fail(away)
    await runtime.advance(1_000)
  }
  room.answer.resolve()
  await runtime.advance(10_000)
  expect(room.times).toBe(5)
})

test('[R5] what was lost while a room was being asked for is asked for anew, once for all who want it', async () => {
  const { runtime, verifying, rooms } = setUp(40)
  const waiting = rooms.at(-1) as Asked
  verifying.add(rooms as unknown as Channel[])
  verifying.add(rooms as unknown as Channel[])
  for (const { answer } of rooms) answer.resolve()
  await runtime.settle()
  expect(rooms[0]?.times).toBe(2)
  expect(waiting.times).toBe(1)
})

test('a room that is closed, or that there is no more, is left alone, and so are all once it is stopped', async () => {
  const { runtime, verifying, rooms } = setUp(3)
  const [closed, gone, stopped] = rooms as [Asked, Asked, Asked]
  closed.closed = true
  closed.fail(away)
  gone.fail(new PlenaryError('not_found', 'There is no such room.'))
  stopped.fail(away)
  await runtime.settle()
  verifying.stop()
  await runtime.advance(10_000)
  expect(rooms.map(({ times }) => times)).toEqual([1, 1, 1])
})
