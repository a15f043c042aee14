import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attack } from './attack.ts'
import { HealthyPair } from './healthy.ts'
import { MALFORMED } from './malformed.ts'
import { openStage, type Guest, type Stage, type TestEvent } from './stage.ts'

const CASES = 12
const CASES_HEAVY = 2
/** Printed by fast-check when something fails; the same one fails again. */
const SEED = 20_251_122

let stage: Stage
let event: TestEvent
let guest: Guest
let room: string
let healthy: HealthyPair
beforeAll(async () => {
  stage = await openStage()
  const { place } = stage
  event = await place.createEvent()
  guest = await place.guest(event)
  const [first] = event.rooms
  if (first === undefined) throw new Error('The event has no room.')
  room = first
  const tickets = { writer: (await place.guest(event)).ticket, reader: (await place.guest(event)).ticket }
  healthy = await HealthyPair.begin(place.url, first, tickets)
})
afterAll(async () => {
  await healthy[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

const cases = MALFORMED.flatMap((each) => [
  ...(each.when === 'inside' ? [] : [{ each, where: 'before the handshake', inside: false }]),
  ...(each.when === 'before' ? [] : [{ each, where: 'inside a room', inside: true }]),
])

test.each(cases)('[R7] $each.name, $where, gets what the specification says', async ({ each, inside }) => {
  const attacker = (seed: number) =>
    attack(stage.place.url, { seed, classes: [each], ticket: inside ? guest.ticket : null, room })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
      expect(await attacker(seed)).toEqual([])
    }),
    { seed: SEED, numRuns: each.heavy === true ? CASES_HEAVY : CASES },
  )
})

test('[R7] those beside them noticed nothing', async () => {
  expect((await healthy.verdict()).failed).toEqual([])
})
