import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { RATES } from './rate-limits.ts'

test('[R7] one person asks so much and no more, and others are answered all the same', async () => {
  await using harness = await openHarness()
  const [ann, bob] = [await harness.createEvent(), await harness.createEvent()]
  const ask = (pass: string) => harness.ask('GET', '/api/events', { bearer: pass })
  for (let times = 0; times < RATES.askPerPerson.burst; times++) expect((await ask(ann.pass)).status).toBe(200)
  expect(await ask(ann.pass)).toMatchObject({ status: 429, body: { code: 'rate_limited', temporary: true } })
  expect((await ask(bob.pass)).status).toBe(200)
  harness.pass(1_000)
  expect((await ask(ann.pass)).status).toBe(200)
})

test('[R7] one address takes so many places on gateways and no more', async () => {
  await using harness = await openHarness()
  for (let times = 0; times < RATES.assignPerAddress.burst; times++) {
    harness.platform.limits.take('assignPerAddress', 'unknown')
  }
  expect(await harness.ask('GET', '/api/assign')).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
})
