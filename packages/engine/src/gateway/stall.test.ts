import { LIMITS } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { watchStalls } from './stall.ts'

test('[R8] a process that stood still for a lease knows it at once when it goes on, and one that was only busy does not', async () => {
  const runtime = new TestRuntime()
  let monotonic = 0
  const stalls: number[] = []
  const watch = watchStalls({ ...inherit(runtime), monotonic: () => monotonic }, LIMITS.leaseTtlMs, (forMs) =>
    stalls.push(forMs),
  )
  const pass = async (ms: number) => {
    monotonic += ms
    await runtime.advance(250)
  }
  await pass(250)
  await pass(LIMITS.leaseTtlMs - 1)
  expect(stalls).toEqual([])
  await pass(3 * LIMITS.leaseTtlMs)
  expect(stalls).toEqual([3 * LIMITS.leaseTtlMs])
  await pass(250)
  expect(stalls).toHaveLength(1)
  watch.cancel()
  expect(runtime.pending).toBe(0)
})

/** Its methods, bound, so that one of them can be replaced. */
function inherit(runtime: TestRuntime) {
  return {
    now: () => runtime.now(),
    random: () => runtime.random(),
    uuid: () => runtime.uuid(),
    after: runtime.after.bind(runtime),
    every: runtime.every.bind(runtime),
    defer: runtime.defer.bind(runtime),
  }
}
