import { expect, test } from 'vitest'
import { realRuntime } from '../runtime/runtime-real.ts'
import { CostMeter } from './cost.ts'

function clock() {
  let now = 5_000
  return { runtime: { ...realRuntime(), monotonic: () => now }, pass: (ms: number) => void (now += ms) }
}

test('an even stream costs its rate, from the first seconds on', () => {
  const { runtime, pass } = clock()
  const meter = new CostMeter(runtime)
  for (let tenths = 1; tenths <= 600; tenths++) {
    pass(100)
    meter.entries(6)
    meter.batches(4)
    if (tenths === 30 || tenths === 600) expect(meter.read()).toBeGreaterThan(95)
    if (tenths === 30 || tenths === 600) expect(meter.read()).toBeLessThan(105)
  }
})

test('what lies behind is forgotten little by little', () => {
  const { runtime, pass } = clock()
  const meter = new CostMeter(runtime)
  pass(30_000)
  meter.entries(1_000)
  const peak = meter.read()
  pass(10_000)
  expect(meter.read()).toBeLessThan(peak / 2)
  pass(60_000)
  expect(meter.read()).toBeLessThan(1)
})

test('a burst right at the beginning is no rate yet', () => {
  const meter = new CostMeter(clock().runtime)
  meter.entries(50)
  expect(meter.read()).toBeLessThan(60)
})

test('a thread that is busy all the time costs a thousand points', () => {
  const { runtime, pass } = clock()
  const meter = new CostMeter(runtime)
  for (let times = 0; times < 1_000; times++) expect(meter.timed(() => (pass(20), times))).toBe(times)
  expect(meter.read()).toBeGreaterThan(950)
  expect(meter.read()).toBeLessThan(1_050)
  expect(() =>
    meter.timed(() => {
      throw new Error('broken')
    }),
  ).toThrow('broken')
})
