import { expect, test } from 'vitest'
import { Turnstile, TURNSTILE } from './turnstile.ts'

function stage() {
  const time = { now: 0 }
  return { time, turnstile: new Turnstile(() => time.now) }
}

test('[R7] thousands who come at once get turns one after the other, and come in when they keep them', () => {
  const { time, turnstile } = stage()
  let refusals = 0
  let due = Array.from({ length: 2_000 }, () => 0)
  while (due.length > 0) {
    const at = due.reduce((first, each) => Math.min(first, each), Infinity)
    time.now = Math.max(time.now, at)
    const [now, later] = [due.filter((each) => each <= time.now), due.filter((each) => each > time.now)]
    const turns = now.map(() => turnstile.turnMs()).filter((turnMs) => turnMs > 0)
    refusals += turns.length
    due = [...later, ...turns.map((turnMs) => time.now + turnMs)]
  }
  // Nobody is put off much more than once.
  expect(refusals).toBeLessThan(2_200)
  expect(time.now).toBeLessThan((2_000 / TURNSTILE.perSecond) * 1_000 + 200)
})

test('[R7] while it holds people up it turns faster bit by bit, and more slowly as soon as the event loop has hardly a moment left and is late', () => {
  const { time, turnstile } = stage()
  const look = (comers: number, workShare: number, lateMs = 2) => {
    for (let step = 0; step < 10; step++) {
      time.now += 10
      for (let each = 0; each < comers / 10; each++) turnstile.turnMs()
    }
    turnstile.look(100, lateMs, workShare)
    return turnstile.perSecond
  }
  expect(look(200, 0.5)).toBeGreaterThan(TURNSTILE.perSecond)
  // Those who are put off are no reason to hurry before they have come.
  for (let looks = 0; looks < 200; looks++) look(30, 0.5)
  expect(turnstile.perSecond).toBeLessThan(500)
  for (let looks = 0; looks < 200; looks++) look(200, 0.5)
  expect(turnstile.perSecond).toBeGreaterThan(600)
  const fast = turnstile.perSecond
  // One that is late but idle half of its time is no reason, nor is one that is never idle but in time.
  for (let looks = 0; looks < 20; looks++) look(200, 0.5, 60)
  for (let looks = 0; looks < 20; looks++) look(200, 0.5)
  for (let looks = 0; looks < 20; looks++) look(200, 1, 5)
  expect(turnstile.perSecond).toBeGreaterThanOrEqual(fast)
  for (let looks = 0; looks < 20; looks++) look(200, 1, 60)
  expect(turnstile.perSecond).toBeLessThan(fast)
  for (let looks = 0; looks < 100; looks++) look(200, 1, 60)
  expect(turnstile.perSecond).toBe(TURNSTILE.perSecondMin)
  // And once nobody comes any more, it is as it was.
  for (let looks = 0; looks < 200; looks++) look(0, 0.1)
  expect(turnstile.perSecond).toBeCloseTo(TURNSTILE.perSecond, 0)
})

test('[R7] however many there are, nobody is put off for more than twenty seconds', () => {
  const { turnstile } = stage()
  const turns = Array.from({ length: 20_000 }, () => turnstile.turnMs())
  expect(Math.max(...turns)).toBeLessThanOrEqual(20_000)
})
