import { ROLES, type Role } from '@plenary/kinds'
import { describe, expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { requireChange, type PersonChange } from './roles.ts'

function may(actor: Role, target: Role, change: PersonChange): boolean {
  try {
    requireChange(actor, target, change)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'forbidden' })
    return false
  }
}

/** Who may give which role to whom: actor → target's role → roles that may be given. All else is denied. */
const GIVING: Record<Role, Partial<Record<Role, readonly Role[]>>> = {
  owner: Object.fromEntries(ROLES.map((target) => [target, ROLES])),
  producer: {
    moderator: ['moderator', 'speaker', 'attendee'],
    speaker: ['moderator', 'speaker', 'attendee'],
    attendee: ['moderator', 'speaker', 'attendee'],
  },
  // Naming the role that somebody has already changes nothing.
  moderator: { speaker: ['speaker'], attendee: ['attendee'] },
  speaker: {},
  attendee: {},
}
const BANNING: Record<Role, readonly Role[]> = {
  owner: ROLES,
  producer: ['moderator', 'speaker', 'attendee'],
  moderator: ['speaker', 'attendee'],
  speaker: [],
  attendee: [],
}

describe.each(ROLES)('a person of the role %s', (actor) => {
  test.each(ROLES)(`gives roles to a %s only as the table says`, (target) => {
    for (const role of ROLES) {
      expect({ role, may: may(actor, target, { role }) }).toEqual({
        role,
        may: GIVING[actor][target]?.includes(role) ?? false,
      })
    }
  })
  test.each(ROLES)(`bans a %s only as the table says`, (target) => {
    expect(may(actor, target, { banned: true })).toBe(BANNING[actor].includes(target))
    expect(may(actor, target, { banned: false })).toBe(BANNING[actor].includes(target))
  })
})

test('[R6] live connections hear at once of a ban, of a new role, and of the end', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const guest = await harness.person(event, pass, 'attendee')
  const person = `/api/events/${event.id}/people/${guest.user}`
  await harness.ask('PUT', person, { bearer: pass, body: { name: 'G', role: 'moderator' } })
  await harness.ask('PUT', person, { bearer: pass, body: { name: 'G', role: 'moderator' } })
  await harness.ask('PUT', person, { bearer: pass, body: { name: 'G', banned: true } })
  await harness.ask('PATCH', `/api/events/${event.id}`, { bearer: pass, body: { status: 'ended' } })
  expect(harness.revoked).toMatchObject([
    { event: event.id, user: guest.user, code: 'role_changed' },
    { event: event.id, user: guest.user, code: 'banned' },
    { event: event.id, code: 'event_ended' },
  ])
})

test('a second owner lets the first step down, and nobody is left over', async () => {
  await using harness = await openHarness()
  const { event, pass, user } = await harness.createEvent()
  const second = await harness.person(event, pass, 'owner')
  const stepDown = await harness.ask('PUT', `/api/events/${event.id}/people/${user}`, {
    bearer: pass,
    body: { name: 'First', role: 'attendee' },
  })
  expect(stepDown.status).toBe(200)
  const { body } = await harness.ask('GET', `/api/events/${event.id}/people`, { bearer: second.pass })
  expect(body).toEqual({ people: [{ id: second.user, name: 'owner', role: 'owner', banned: false }] })
  expect(
    (await harness.ask('PATCH', `/api/events/${event.id}`, { bearer: pass, body: { title: 'Mine still' } })).status,
  ).toBe(403)
})

test('only an owner ends an event and opens it again; staff may still come in', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const [producer, moderator, speaker] = [
    await harness.person(event, pass, 'producer'),
    await harness.person(event, pass, 'moderator'),
    await harness.person(event, pass, 'speaker'),
  ]
  const change = (bearer: string, body: object) => harness.ask('PATCH', `/api/events/${event.id}`, { bearer, body })
  const enter = async (own: string) =>
    (await harness.ask('POST', '/api/ticket', { body: { pass: own, event: event.id } })).status
  expect((await change(producer.pass, { title: 'Renamed' })).status).toBe(200)
  expect((await change(moderator.pass, { title: 'Renamed' })).status).toBe(403)
  expect((await change(producer.pass, { status: 'ended' })).status).toBe(403)
  expect((await change(pass, { status: 'ended' })).status).toBe(200)
  expect([
    await enter(pass),
    await enter(producer.pass),
    await enter(moderator.pass),
    await enter(speaker.pass),
  ]).toEqual([200, 200, 200, 422])
  expect((await change(pass, { status: 'live' })).status).toBe(200)
  expect(await enter(speaker.pass)).toBe(200)
})
