import { PlenaryError } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { Turnstile, TURNSTILE } from './turnstile.ts'

function stage() {
  const time = { now: 0 }
  const turnstile = new Turnstile(() => time.now)
  /** How long one is put off; 0 for who comes in. */
  const come = (): number => {
    try {
      turnstile.pass()
      return 0
    } catch (error) {
      if (!(error instanceof PlenaryError) || error.code !== 'unavailable' || !error.temporary) throw error
      return error.retryAfter ?? Number.NaN
    }
  }
  return { time, turnstile, come }
}

test('[R7] thousands who come at once get turns one after the other, and all come in when they keep them', () => {
  const { time, come } = stage()
  let inside = 0
  let refusals = 0
  const due: number[] = Array.from({ length: 2_000 }, () => 0)
  while (due.length > 0) {
    due.sort((a, b) => b - a)
    time.now = Math.max(time.now, due.pop() ?? 0)
    const retryAfter = come()
    if (retryAfter === 0) inside++
    else {
      refusals++
      due.push(time.now + retryAfter)
    }
  }
  expect(inside).toBe(2_000)
  // Nobody is put off much more than once.
  expect(refusals).toBeLessThan(2_200)
  expect(time.now).toBeLessThan((2_000 / TURNSTILE.perSecondMax) * 1_000 + 200)
})

test('[R7] it turns more slowly while the event loop is late, never less than its least, and recovers', () => {
  const { turnstile } = stage()
  for (let look = 0; look < 3; look++) turnstile.late(200)
  expect(turnstile.perSecond).toBeCloseTo(TURNSTILE.perSecondMax * 0.7 ** 3)
  for (let look = 0; look < 50; look++) turnstile.late(200)
  expect(turnstile.perSecond).toBe(TURNSTILE.perSecondMin)
  for (let look = 0; look < 100; look++) turnstile.late(2)
  expect(turnstile.perSecond).toBe(TURNSTILE.perSecondMax)
})

test('[R7] however many there are, nobody is put off for more than twenty seconds', () => {
  const { come } = stage()
  const waits = Array.from({ length: 100_000 }, come)
  expect(Math.max(...waits)).toBeLessThanOrEqual(20_000)
})
