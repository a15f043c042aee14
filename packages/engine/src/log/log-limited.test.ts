import { LIMITS } from '@plenary/kinds'
import type { CommandId, LogId, RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { limitedLog, LogLate } from './log-limited.ts'
import type { RoomLog, ShardLog } from './log.ts'

const ROOM = 'room-1' as RoomId

/** A log that takes an acquire and then never says anything again, unless it is told to. */
function silentLog() {
  const { promise, reject } = Promise.withResolvers<never>()
  const silent = () => promise
  const own: ShardLog = {
    shard: 'z/0',
    epoch: 1,
    append: silent,
    find: silent,
    load: silent,
    ids: silent,
    snapshot: silent,
    deadlines: silent,
  }
  let acquires = 0
  const log: RoomLog = {
    id: 'log' as LogId,
    epoch: silent,
    acquire: () => (acquires++ === 0 ? Promise.resolve(own) : promise),
    head: silent,
    read: silent,
    amendments: silent,
    seqAt: silent,
    close: () => Promise.resolve(),
  }
  return { log, fail: (error: Error) => reject(error) }
}

test('[R7] no call of the log is waited for without end, and an append not even as long as others', async () => {
  const runtime = new TestRuntime()
  const { log: inner, fail } = silentLog()
  const log = limitedLog(inner, runtime)
  const shard = await log.acquire('z/0', 1)
  const reader = 'all'
  const calls: Record<string, Promise<unknown>> = {
    append: shard.append([]),
    find: shard.find(ROOM, 'c' as CommandId),
    load: shard.load(ROOM),
    ids: shard.ids(ROOM, 1),
    snapshot: shard.snapshot(ROOM, { seq: 1, version: 1, state: '' }),
    deadlines: shard.deadlines(),
    acquire: log.acquire('z/0', 2),
    epoch: log.epoch('z/0'),
    head: log.head(ROOM),
    read: log.read(ROOM, { after: 0, through: 1, limit: 1, reader }),
    amendments: log.amendments(ROOM, { subjects: [1], after: 0, limit: 1, reader }),
    seqAt: log.seqAt(ROOM, 1),
  }
  const ended = new Map<string, { error: unknown; atMs: number }>()
  for (const [name, call] of Object.entries(calls)) {
    call.catch((error: unknown) => ended.set(name, { error, atMs: runtime.monotonic() }))
  }
  await runtime.advance(LIMITS.logCallMs)
  await runtime.settle()
  expect([...ended.keys()].toSorted()).toEqual(Object.keys(calls).toSorted())
  for (const [name, { error, atMs }] of ended) {
    expect(error).toBeInstanceOf(LogLate)
    expect(atMs).toBe(name === 'append' ? LIMITS.appendMs : LIMITS.logCallMs)
  }
  // What it comes to at last is nobody's any more, and no unhandled rejection.
  fail(new Error('at last'))
  await runtime.settle()
  expect(runtime.pending).toBe(0)
})
