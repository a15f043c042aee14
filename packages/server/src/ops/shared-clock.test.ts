import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sharedClock } from './shared-clock.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'Date'] }))
afterEach(() => void vi.useRealTimers())

/** A database that is ten minutes ahead and takes a while to say so, more or less of it on the way back. */
function stage() {
  const world = { steady: 50, ahead: 600_000, tookMs: [40], share: 0.5, failures: [] as unknown[], away: false }
  const parts = {
    monotonic: () => world.steady,
    async ask() {
      if (world.away) throw new Error('away')
      const tookMs = (world.tookMs.length > 1 ? world.tookMs.shift() : world.tookMs[0]) ?? 0
      world.steady += tookMs * (1 - world.share)
      const told = world.steady + world.ahead
      world.steady += tookMs * world.share
      return told
    },
    failed: (error: unknown) => void world.failures.push(error),
  }
  return { world, parts }
}

test('it tells the time of the database, whatever the wall clock of the machine says', async () => {
  const { world, parts } = stage()
  using clock = await sharedClock(parts)
  expect(clock.now()).toBe(world.steady + 600_000)
  world.steady += 1_000
  vi.setSystemTime(-600_000)
  expect(clock.now()).toBe(world.steady + 600_000)
})

test('it is put right every ten seconds, but not by an answer that took too long, and goes on without one', async () => {
  const { world, parts } = stage()
  using clock = await sharedClock(parts)
  world.steady += 10_000
  world.ahead += 1_000
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(world.steady + 601_000)
  Object.assign(world, { tookMs: [2_000], ahead: 0 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(world.steady + 601_000)
  world.away = true
  await vi.advanceTimersByTimeAsync(10_000)
  expect(clock.now()).toBe(world.steady + 601_000)
  expect(world.failures).toHaveLength(1)
})

test('[R6] of several answers the one that took the least counts: two nodes must agree on what came before a ban', async () => {
  const { world, parts } = stage()
  Object.assign(world, { tookMs: [400, 90, 2, 300], share: 1 })
  using clock = await sharedClock(parts)
  expect(Math.abs(clock.now() - (world.steady + world.ahead))).toBeLessThanOrEqual(1)
})

test('one broken connection at the start is tried again, and a database that stays away is an error', async () => {
  const { world, parts } = stage()
  let asked = 0
  const ask = async () => {
    if (++asked === 1) throw new Error('broken')
    return await parts.ask()
  }
  using clock = await sharedClock({ ...parts, ask })
  expect(clock.now()).toBe(world.steady + 600_000)
  expect(world.failures).toHaveLength(1)
  world.away = true
  await expect(sharedClock(parts)).rejects.toThrow('away')
})
