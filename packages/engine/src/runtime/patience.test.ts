import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { Patience } from './patience.ts'

function waits() {
  const runtime = new TestRuntime()
  let timers = 0
  const counted = Object.assign(Object.create(runtime) as TestRuntime, {
    now: () => runtime.now(),
    monotonic: () => runtime.monotonic(),
    after: (delayMs: number, run: () => void) => {
      timers++
      return runtime.after(delayMs, run)
    },
  })
  const patience = new Patience(counted)
  const ended: string[] = []
  const wait = (name: string, promise: Promise<string>, waitMs: number) =>
    void patience
      .within(promise, waitMs, () => new Error('late'))
      .then(
        (value) => ended.push(`${runtime.monotonic()} ${name} ${value}`),
        (error: unknown) => ended.push(`${runtime.monotonic()} ${name} ${(error as Error).message}`),
      )
  return { runtime, ended, wait, timers: () => timers }
}

const never = new Promise<string>(() => undefined)

test('each who waits is told that it is late at its own time, and not before', async () => {
  const { runtime, ended, wait } = waits()
  wait('first', never, 100)
  wait('short', never, 30)
  await runtime.advance(40)
  wait('second', never, 100)
  await runtime.advance(59)
  expect(ended).toEqual(['30 short late'])
  await runtime.advance(1)
  expect(ended).toEqual(['30 short late', '100 first late'])
  await runtime.advance(100)
  expect(ended).toEqual(['30 short late', '100 first late', '140 second late'])
})

test('what is answered in time is never late, whether it is a value or a refusal', async () => {
  const { runtime, ended, wait } = waits()
  const [good, bad] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  wait('good', good.promise, 100)
  wait('bad', bad.promise, 100)
  await runtime.advance(99)
  good.resolve('value')
  bad.reject(new Error('refusal'))
  await runtime.advance(500)
  expect(ended).toEqual(['99 good value', '99 bad refusal'])
})

test('a thousand who wait as long as each other take one timer at a time, and none once nobody waits', async () => {
  const { runtime, ended, wait, timers } = waits()
  for (let each = 0; each < 1_000; each++) wait(String(each), Promise.resolve('value'), 100)
  expect(timers()).toBe(1)
  await runtime.advance(10_000)
  expect([ended.length, timers()]).toEqual([1_000, 1])
  wait('later', never, 100)
  await runtime.advance(100)
  expect([ended.at(-1), timers()]).toEqual(['10100 later late', 2])
})
