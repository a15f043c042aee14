import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { MISS_COST, RATES, rateLimits } from './rate-limits.ts'

test('[R7] a bucket gives its burst, then refuses and says when to come again', () => {
  let now = 0
  const limits = rateLimits(() => now)
  const { burst, perSecond } = RATES.ticketPerPerson
  for (let taken = 0; taken < burst; taken++) limits.take('ticketPerPerson', 'ada')
  const refusal = { code: 'rate_limited', retryAfter: 1000 / perSecond }
  expect(() => limits.take('ticketPerPerson', 'ada')).toThrow(expect.objectContaining(refusal))
  limits.take('ticketPerPerson', 'bob')
  now += refusal.retryAfter
  limits.take('ticketPerPerson', 'ada')
  expect(() => limits.take('ticketPerPerson', 'ada')).toThrow(expect.objectContaining(refusal))
})

test('[R7] however many keys there are, memory is bounded: the one unseen for longest is forgotten', () => {
  const limits = rateLimits(() => 0)
  limits.charge('ticketPerPerson', 'first', 1_000)
  limits.charge('ticketPerPerson', 'second', 1_000)
  for (let key = 0; key < 19_998; key++) limits.take('ticketPerPerson', `key ${key}`)
  expect(() => limits.take('ticketPerPerson', 'first')).toThrow()
  limits.take('ticketPerPerson', 'one more')
  expect(() => limits.take('ticketPerPerson', 'first')).toThrow()
  limits.take('ticketPerPerson', 'second')
})

test('[R7] guessing codes runs dry far sooner than a hall of people looking at one', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  const peek = async (code: string) => (await harness.ask('GET', `/api/codes/${code}`)).status
  let guesses = 0
  while ((await peek('NOBODY')) === 404) guesses++
  expect(guesses).toBeLessThanOrEqual(RATES.peekPerAddress.burst / MISS_COST)
  const refused = await harness.ask('GET', '/api/codes/NOBODY')
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', temporary: true } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  harness.pass(10_000)
  for (let people = 0; people < 300; people++) expect(await peek(event.code)).toBe(200)
})
