import { api } from '@plenary/kinds'
import { z } from 'zod'
import { toInfo } from '../../events/event-table.ts'
import type { TwinSettings } from '../../events/rehearsals.ts'
import { route } from '../route.ts'

const eventPath = z.strictObject({ event: api.eventSchema.shape.id })
const nothing = z.strictObject({})

/** Trying an evening out. */
export const rehearsalRoutes = [
  route({
    method: 'post',
    path: '/api/events/{event}/rehearsals',
    name: 'beginRehearsal',
    summary: 'A twin of the event with rooms of its own, for its people with a role.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: api.beginRehearsalBody,
    answer: z.object({ event: api.eventSchema }),
    status: 201,
    failures: ['forbidden', 'not_found', 'conflict', 'rate_limited'],
    async handle({ entrance, rehearsals, limits }, { params, body, who, facts }) {
      limits.take('createPerAddress', facts.address)
      const standing = await entrance.standing(params.event, who)
      return { event: toInfo(await rehearsals.begin(standing, body.settings as TwinSettings)) }
    },
  }),
  route({
    method: 'post',
    path: '/api/events/{event}/vanish',
    name: 'endRehearsal',
    summary: 'Ends a rehearsal, and with it all that happened there.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: nothing,
    answer: z.object({ ok: z.literal(true) }),
    status: 200,
    failures: ['forbidden', 'not_found', 'conflict'],
    async handle({ entrance, rehearsals }, { params, who }) {
      await rehearsals.end(await entrance.standing(params.event, who))
      return { ok: true as const }
    },
  }),
]
