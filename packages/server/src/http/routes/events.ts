import { randomUUID } from 'node:crypto'
import { api } from '@plenary/kinds'
import { z } from 'zod'
import { toInfo } from '../../events/event-table.ts'
import { templateRooms } from '../../events/templates.ts'
import { route } from '../route.ts'

const eventPath = z.strictObject({ event: api.eventSchema.shape.id })
const personPath = z.strictObject({ event: api.eventSchema.shape.id, user: api.meSchema.shape.id })
const nothing = z.strictObject({})

/** Making, seeing and running events. */
export const eventRoutes = [
  route({
    method: 'post',
    path: '/api/events',
    name: 'createEvent',
    summary: 'Make an event; whoever holds the answered pass owns it.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.createEventBody,
    answer: api.createEventAnswer,
    status: 201,
    failures: ['unauthorized', 'rate_limited'],
    async handle({ entrance, limits }, { body, facts }) {
      limits.take('createPerAddress', facts.address)
      const { event, pass } = await entrance.create(
        {
          title: body.title,
          form: 'event',
          door: 'open',
          ...(body.template && { rooms: templateRooms(body.template, randomUUID) }),
        },
        body.name,
        body.pass,
      )
      return { event: toInfo(event), pass }
    },
  }),
  route({
    method: 'get',
    path: '/api/events',
    name: 'listEvents',
    summary: 'The events that the pass opens, the newest first.',
    credential: 'pass',
    params: nothing,
    query: nothing,
    body: z.undefined(),
    answer: api.myEventsAnswer,
    status: 200,
    failures: [],
    handle: async ({ entrance }, { who }) => ({ events: await entrance.myEvents(who) }),
  }),
  route({
    method: 'get',
    path: '/api/events/{event}',
    name: 'getEvent',
    summary: 'An event and who one is in it.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: z.undefined(),
    answer: api.eventAnswer,
    status: 200,
    failures: ['forbidden', 'not_found'],
    async handle({ entrance }, { params, who }) {
      const { event, me } = await entrance.standing(params.event, who)
      return { event: toInfo(event), me }
    },
  }),
  route({
    method: 'patch',
    path: '/api/events/{event}',
    name: 'changeEvent',
    summary: 'Change the title or the code, close or open the door, end the event or open it again.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: api.changeEventBody,
    answer: api.eventAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'conflict'],
    async handle({ entrance, people }, { params, body, who }) {
      const standing = await entrance.standing(params.event, who)
      const { title, code, status, door } = body
      const change = {
        ...(title && { title }),
        ...(code && { code }),
        ...(status && { status }),
        ...(door && { door }),
      }
      return { event: toInfo(await people.changeEvent(standing, change)), me: standing.me }
    },
  }),
  route({
    method: 'get',
    path: '/api/events/{event}/people',
    name: 'listPeople',
    summary: 'Those with a role of their own or a ban.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: z.undefined(),
    answer: api.peopleAnswer,
    status: 200,
    failures: ['forbidden', 'not_found'],
    async handle({ entrance, people }, { params, who }) {
      return { people: await people.list(await entrance.standing(params.event, who)) }
    },
  }),
  route({
    method: 'put',
    path: '/api/events/{event}/people/{user}',
    name: 'changePerson',
    summary: 'Give a role, ban or let in again; live connections hear of it at once.',
    credential: 'pass',
    params: personPath,
    query: nothing,
    body: api.changePersonBody,
    answer: api.personAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'conflict'],
    async handle({ entrance, people }, { params, body, who }) {
      return { person: await people.change(await entrance.standing(params.event, who), params.user, body) }
    },
  }),
]
