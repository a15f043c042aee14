import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sharedClock } from './shared-clock.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'Date'] }))
afterEach(() => void vi.useRealTimers())

/** A database that is ten minutes ahead and takes a while to say so. */
function stage() {
  const world = { steady: 50, database: 600_000, tookMs: 40, failures: [] as unknown[], away: false }
  const parts = {
    monotonic: () => world.steady,
    async ask() {
      if (world.away) throw new Error('away')
      world.steady += world.tookMs / 2
      const told = world.database
      world.steady += world.tookMs / 2
      return told
    },
    failed: (error: unknown) => void world.failures.push(error),
  }
  return { world, parts }
}

test('it tells the time of the database, whatever the wall clock of the machine says', async () => {
  const { world, parts } = stage()
  using clock = await sharedClock(parts)
  expect(clock.now()).toBe(600_020)
  world.steady += 1_000
  vi.setSystemTime(-600_000)
  expect(clock.now()).toBe(601_020)
})

test('it is put right every ten seconds, but not by an answer that took too long, and goes on without one', async () => {
  const { world, parts } = stage()
  using clock = await sharedClock(parts)
  world.steady += 10_000
  world.database += 11_000
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(611_020)
  Object.assign(world, { tookMs: 2_000, database: 0 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(613_020)
  world.away = true
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(613_020)
  expect(world.failures).toHaveLength(1)
})

test('one broken connection at the start is tried again, and a database that stays away is an error', async () => {
  const { world, parts } = stage()
  let asked = 0
  const ask = async () => {
    if (++asked === 1) throw new Error('broken')
    return await parts.ask()
  }
  using clock = await sharedClock({ ...parts, ask })
  expect(clock.now()).toBe(600_020)
  expect(world.failures).toHaveLength(1)
  world.away = true
  await expect(sharedClock(parts)).rejects.toThrow('away')
})
