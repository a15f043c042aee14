import type { RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { Deadlines } from './deadlines.ts'

const A = 'a' as RoomId
const B = 'b' as RoomId

function setUp() {
  const runtime = new TestRuntime(0)
  const due: string[] = []
  const deadlines = new Deadlines(runtime, (room) => due.push(`${room} at ${runtime.now()}`))
  return { runtime, due, deadlines }
}

test('a room is due at its moment, once', async () => {
  const { runtime, due, deadlines } = setUp()
  deadlines.set(A, 1_000)
  deadlines.set(B, 500)
  await runtime.advance(999)
  expect(due).toEqual(['b at 500'])
  await runtime.advance(5_000)
  expect(due).toEqual(['b at 500', 'a at 1000'])
  expect(runtime.pending).toBe(0)
})

test('a later word takes the earlier one’s place, and null takes it back', async () => {
  const { runtime, due, deadlines } = setUp()
  deadlines.set(A, 1_000)
  deadlines.set(A, 2_000)
  deadlines.set(A, 2_000)
  deadlines.set(B, 1_500)
  deadlines.set(B, null)
  expect(runtime.pending).toBe(1)
  await runtime.advance(3_000)
  expect(due).toEqual(['a at 2000'])
})

test('a moment that has passed is due at once, and never within the call', async () => {
  const { runtime, due, deadlines } = setUp()
  runtime.setWall(10_000)
  deadlines.set(A, 1)
  expect(due).toEqual([])
  await runtime.advance(0)
  expect(due).toEqual(['a at 10000'])
})

test('a moment beyond what a timer can count is reached in steps', async () => {
  const { runtime, due, deadlines } = setUp()
  const year = 365 * 86_400_000
  deadlines.set(A, year)
  await runtime.advance(year - 1)
  expect(due).toEqual([])
  await runtime.advance(1)
  expect(due).toEqual([`a at ${year}`])
})

test('a wall clock that is set back makes it wait on', async () => {
  const { runtime, due, deadlines } = setUp()
  deadlines.set(A, 1_000)
  await runtime.advance(500)
  runtime.setWall(0)
  await runtime.advance(999)
  expect(due).toEqual([])
  await runtime.advance(1)
  expect(due).toEqual(['a at 1000'])
})

test('a wall clock that is set on makes it due at once, when that is looked at', async () => {
  const { runtime, due, deadlines } = setUp()
  runtime.setWall(-600_000)
  deadlines.set(A, 1_000)
  await runtime.advance(2_000)
  runtime.setWall(2_000)
  deadlines.tend()
  await runtime.advance(0)
  expect(due).toEqual(['a at 2000'])
  expect(runtime.pending).toBe(0)
})

test('after the close nothing is due and no timer is left', async () => {
  const { runtime, due, deadlines } = setUp()
  deadlines.set(A, 1_000)
  deadlines.close()
  deadlines.set(B, 1_000)
  expect(runtime.pending).toBe(0)
  await runtime.advance(5_000)
  expect(due).toEqual([])
})
