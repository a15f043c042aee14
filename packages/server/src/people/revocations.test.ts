import type { EventId, UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'

/** Whether a ticket is void that a node whose clock is so far ahead has just given. */
const voids = ({ platform }: Harness, event: EventId, user: UserId, aheadMs: number) =>
  platform.node.voided({ event, user, issuedAt: platform.now() + aheadMs })

test('[R6] a ban voids also what a node whose clock is up to a second ahead gave just before it, and only of the banned', async () => {
  await using harness = await openHarness()
  const { event, pass: owner } = await harness.createEvent()
  const guest = await harness.join(event.code, 'Guest')
  const other = await harness.join(event.code, 'Other')
  const change = (user: UserId, body: object) =>
    harness.ask('PUT', `/api/events/${event.id}/people/${user}`, { bearer: owner, body: { name: 'Guest', ...body } })
  await change(guest.me.id, { banned: true })
  expect(voids(harness, event.id, guest.me.id, 900)).toBe(true)
  expect(voids(harness, event.id, other.me.id, 0)).toBe(false)
  // Whoever gets another role gets a ticket for it at once.
  await change(other.me.id, { role: 'moderator' })
  expect(voids(harness, event.id, other.me.id, -1)).toBe(true)
  expect(voids(harness, event.id, other.me.id, 900)).toBe(false)
})
