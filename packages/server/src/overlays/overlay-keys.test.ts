import { ROLES, type api } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness, type Harness } from '../testing/harness.ts'
import { OVERLAY_KEYS_MAX } from './overlay-keys.ts'

interface Made {
  overlay: api.OverlayKey
  key: string
}

const keysOf = (event: { id: string }) => `/api/events/${event.id}/overlay-keys`

async function made(harness: Harness, event: { id: string }, pass: string, label = 'Projector'): Promise<Made> {
  const { status, body } = await harness.ask<Made>('POST', keysOf(event), { bearer: pass, body: { label } })
  expect(status).toBe(201)
  return body
}
const show = (harness: Harness, key: string) => harness.ask<api.TicketAnswer>('POST', '/api/overlay', { body: { key } })

test('a key opens the event to look on: as an attendee who may only read', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const { key, overlay } = await made(harness, event, pass)
  const { status, body } = await show(harness, key)
  expect(status).toBe(200)
  expect(body).toMatchObject({ event: { id: event.id }, me: { role: 'attendee' }, gateway: 'http://plenary.test' })
  expect(await harness.platform.tickets.readTicket(body.ticket)).toMatchObject({
    user: body.me.id,
    event: event.id,
    role: 'attendee',
    readOnly: true,
  })
  const { body: list } = await harness.ask<{ keys: api.OverlayKey[] }>('GET', keysOf(event), { bearer: pass })
  expect(list.keys).toEqual([overlay])
})

test('[R6] the secret of a key is kept nowhere', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const { key } = await made(harness, event, pass)
  const rows = await harness.platform.store.selectFrom('overlay_key').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(key)
  expect((await harness.ask('GET', keysOf(event), { bearer: pass })).body).not.toContain(key)
})

test('[R6] a key that was taken back opens nothing any more, and its tickets are void at once', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const [first, second] = [await made(harness, event, pass), await made(harness, event, pass)]
  const { body } = await show(harness, first.key)
  const path = `${keysOf(event)}/${first.overlay.id}`
  expect(await harness.ask('DELETE', path, { bearer: pass })).toMatchObject({ status: 200, body: { ok: true } })
  expect(harness.revoked).toMatchObject([{ event: event.id, user: body.me.id, code: 'kicked' }])
  expect(await show(harness, first.key)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await harness.ask('DELETE', path, { bearer: pass })).toMatchObject({ status: 404 })
  expect((await show(harness, second.key)).status).toBe(200)
})

test.each(ROLES)(
  '[R6] a person of the role %s makes, lists and takes back keys only as the table says',
  async (role) => {
    await using harness = await openHarness()
    const { event, pass } = await harness.createEvent()
    const { overlay } = await made(harness, event, pass)
    const who = role === 'owner' ? { pass } : await harness.person(event, pass, role)
    const statuses = [
      (await harness.ask('GET', keysOf(event), { bearer: who.pass })).status,
      (await harness.ask('POST', keysOf(event), { bearer: who.pass, body: { label: 'Mine' } })).status,
      (await harness.ask('DELETE', `${keysOf(event)}/${overlay.id}`, { bearer: who.pass })).status,
    ]
    expect(statuses).toEqual(role === 'owner' || role === 'producer' ? [200, 201, 200] : [403, 403, 403])
  },
)

test('[R6] the owner of one event takes back no key of another', async () => {
  await using harness = await openHarness()
  const [a, b] = [await harness.createEvent('A'), await harness.createEvent('B')]
  const { overlay, key } = await made(harness, a.event, a.pass)
  const elsewhere = `${keysOf(b.event)}/${overlay.id}`
  expect(await harness.ask('DELETE', elsewhere, { bearer: b.pass })).toMatchObject({ status: 404 })
  expect((await show(harness, key)).status).toBe(200)
})

test('an event that has ended shows nothing more', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const { key } = await made(harness, event, pass)
  await harness.ask('PATCH', `/api/events/${event.id}`, { bearer: pass, body: { status: 'ended' } })
  expect(await show(harness, key)).toMatchObject({ status: 422, body: { code: 'refused', reason: 'event_ended' } })
})

test('[R7] an event has so many keys and no more', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  for (let count = 0; count < OVERLAY_KEYS_MAX; count++) await made(harness, event, pass)
  expect(await harness.ask('POST', keysOf(event), { bearer: pass, body: { label: 'One more' } })).toMatchObject({
    body: { code: 'refused', reason: 'overlay_keys_full' },
  })
})
