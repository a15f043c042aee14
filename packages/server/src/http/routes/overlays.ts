import { api } from '@plenary/kinds'
import { z } from 'zod'
import { toInfo } from '../../events/event-table.ts'
import { route } from '../route.ts'
import { gateway, limited } from './entrance.ts'

const nothing = z.strictObject({})
const eventPath = z.strictObject({ event: api.eventSchema.shape.id })
const keyPath = z.strictObject({ event: api.eventSchema.shape.id, key: api.overlayKeySchema.shape.id })

/** Keys for pages that only show an event. */
export const overlayRoutes = [
  route({
    method: 'get',
    path: '/api/events/{event}/overlay-keys',
    name: 'listOverlayKeys',
    summary: 'The keys that are out, without their secrets.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: z.undefined(),
    answer: api.overlayKeysAnswer,
    status: 200,
    failures: ['forbidden', 'not_found'],
    async handle({ entrance, overlayKeys }, { params, who }) {
      return { keys: await overlayKeys.list(await entrance.standing(params.event, who)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/events/{event}/overlay-keys',
    name: 'makeOverlayKey',
    summary: 'A key that sees what attendees see and can do nothing; its secret is told this once.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: api.makeOverlayKeyBody,
    answer: api.makeOverlayKeyAnswer,
    status: 201,
    failures: ['forbidden', 'not_found', 'refused'],
    async handle({ entrance, overlayKeys }, { params, body, who }) {
      return await overlayKeys.make(await entrance.standing(params.event, who), body.label)
    },
  }),
  route({
    method: 'delete',
    path: '/api/events/{event}/overlay-keys/{key}',
    name: 'revokeOverlayKey',
    summary: 'Take a key back; pages that show by it are cut off at once.',
    credential: 'pass',
    params: keyPath,
    query: nothing,
    body: z.undefined(),
    answer: z.object({ ok: z.literal(true) }),
    status: 200,
    failures: ['forbidden', 'not_found'],
    async handle({ entrance, overlayKeys }, { params, who }) {
      await overlayKeys.revoke(await entrance.standing(params.event, who), params.key)
      return { ok: true as const }
    },
  }),
  route({
    method: 'post',
    path: '/api/overlay',
    name: 'showOverlay',
    summary: 'Ten minutes of looking on, for the holder of an overlay key.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.overlayBody,
    answer: api.ticketAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'refused', 'rate_limited', 'unavailable'],
    async handle(platform, { body, facts }) {
      const { ticket, event, me } = await limited(platform, 'peekPerAddress', facts, () =>
        platform.overlayKeys.admit(body.key),
      )
      return { ticket, event: toInfo(event), me, gateway: (await gateway(platform, facts, event.zone)).url }
    },
  }),
]
