import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { cpuMeter } from './cpu-meter.ts'

test('it tells the share of one core since it was last read', async () => {
  const runtime = new TestRuntime()
  let usedMs = 7_000
  const share = cpuMeter(runtime, () => usedMs)
  expect(share()).toBe(0)
  await runtime.advance(2_000)
  usedMs += 500
  expect(share()).toBe(0.25)
  expect(share()).toBe(0.25)
  await runtime.advance(1_000)
  usedMs += 3_000
  expect(share()).toBe(1)
  await runtime.advance(1_000)
  expect(share()).toBe(0)
})
