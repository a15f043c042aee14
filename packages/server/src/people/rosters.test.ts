import type { EventId, Role, UserId } from '@plenary/kinds'
import { expect, test, vi } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'

const TICKET_MS = 600_000

/** Counts what the database is asked of events and of people. */
function asked(harness: Harness) {
  const { store } = harness.platform
  const looks = vi.spyOn(store, 'selectFrom')
  return () => looks.mock.calls.filter(([table]) => table === 'event' || table === 'membership').length
}

const renew = (harness: Harness, pass: string, event: EventId) =>
  harness.ask<{ me: { role: Role }; ticket: string }>('POST', '/api/ticket', { body: { pass, event } })

test('[R8] however many come back within a second, the database is asked once for all of them', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  const guests = await Promise.all(Array.from({ length: 50 }, (_, at) => harness.join(event.code, `Guest ${at}`)))
  harness.pass(1_500)
  const looks = asked(harness)
  const before = looks()
  const answers = [await renew(harness, guests[0]?.pass ?? '', event.id)]
  const once = looks() - before
  answers.push(...(await Promise.all(guests.map(({ pass }) => renew(harness, pass, event.id)))))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(looks() - before).toBe(once)
})

test('[R6] a role and a ban count at once, also for those whose event is kept', async () => {
  await using harness = await openHarness()
  const { event, pass: owner } = await harness.createEvent()
  const guest = await harness.join(event.code, 'Guest')
  expect((await renew(harness, guest.pass, event.id)).body.me.role).toBe('attendee')
  const change = (body: object, user: UserId = guest.me.id) =>
    harness.ask('PUT', `/api/events/${event.id}/people/${user}`, { bearer: owner, body: { name: 'Guest', ...body } })
  await change({ role: 'moderator' })
  expect((await renew(harness, guest.pass, event.id)).body.me.role).toBe('moderator')
  await change({ role: 'attendee', banned: true })
  expect((await renew(harness, guest.pass, event.id)).status).toBe(403)
  await change({ banned: false })
  expect((await renew(harness, guest.pass, event.id)).status).toBe(200)
})

test('who runs an event sees at once what they changed, though it is kept for others', async () => {
  await using harness = await openHarness()
  const { event, pass: owner } = await harness.createEvent()
  const title = async () => {
    const { body } = await harness.ask<{ event: { title: string } }>('POST', '/api/ticket', {
      body: { pass: owner, event: event.id },
    })
    return body.event.title
  }
  const before = await title()
  await harness.ask('PATCH', `/api/events/${event.id}`, { bearer: owner, body: { title: `${before}, renamed` } })
  expect(await title()).toBe(`${before}, renamed`)
})

test('[R6] a ticket is as old as what it was made from, so that whatever is revoked later voids it', async () => {
  await using harness = await openHarness()
  const { event } = await harness.createEvent()
  const guest = await harness.join(event.code, 'Guest')
  const first = await renew(harness, guest.pass, event.id)
  const { issuedAt } = await harness.platform.tickets.readTicket(first.body.ticket)
  const second = await renew(harness, guest.pass, event.id)
  expect((await harness.platform.tickets.readTicket(second.body.ticket)).issuedAt).toBe(issuedAt)
  harness.pass(TICKET_MS)
  const later = await renew(harness, guest.pass, event.id)
  expect((await harness.platform.tickets.readTicket(later.body.ticket)).issuedAt).toBe(issuedAt + TICKET_MS)
})
