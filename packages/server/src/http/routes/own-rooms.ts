import { PlenaryError, api, type EventId, type Json, type UserId } from '@plenary/kinds'
import { z } from 'zod'
import { toInfo, type RoomTemplate } from '../../events/event-table.ts'
import type { Platform } from '../../platform.ts'
import type { Store } from '../../store/store.ts'
import { route } from '../route.ts'

const nothing = z.strictObject({})
const eventPath = z.strictObject({ event: api.eventSchema.shape.id })

/** Rooms that are part of no event: making them, finding them, inviting to them. */
export const ownRoomRoutes = [
  route({
    method: 'post',
    path: '/api/rooms',
    name: 'createRoom',
    summary: 'Make a room on its own; whoever holds the answered pass owns it.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.createRoomBody,
    answer: api.createEventAnswer,
    status: 201,
    failures: ['unauthorized', 'forbidden', 'rate_limited'],
    async handle(platform, { body, facts }) {
      platform.limits.take('roomPerAddress', facts.address)
      const { kind, title, door = 'open', name, pass } = body
      requireAlone(platform, kind)
      const room = templateOf(body)
      const made = await platform.entrance.create({ title, form: 'room', door, rooms: [room] }, name, pass)
      return { event: toInfo(made.event), pass: made.pass }
    },
  }),
  route({
    method: 'get',
    path: '/api/rooms',
    name: 'listRooms',
    summary: 'The rooms on their own that list this person, the newest first.',
    credential: 'pass',
    params: nothing,
    query: api.myRoomsQuery,
    body: z.undefined(),
    answer: api.myRoomsAnswer,
    status: 200,
    failures: [],
    handle: async ({ events }, { query, who }) => ({ rooms: await events.roomsOf(who.user, query.kind) }),
  }),
  route({
    method: 'post',
    path: '/api/events/{event}/rooms',
    name: 'addRoom',
    summary: 'One more room for an event, such as a game.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: api.addRoomBody,
    answer: api.addRoomAnswer,
    status: 201,
    failures: ['forbidden', 'not_found', 'refused'],
    async handle(platform, { params, body, who }) {
      requireAlone(platform, body.kind)
      const standing = await platform.entrance.standing(params.event, who)
      const event = await platform.people.addRoom(standing, templateOf(body))
      const room = event.rooms.at(-1)
      if (room === undefined) throw new Error('An event to which a room was added has one.')
      return { event: toInfo(event), room }
    },
  }),
  route({
    method: 'get',
    path: '/api/events/{event}/invitations',
    name: 'listInvitations',
    summary: 'Codes that let people in with a role.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: z.undefined(),
    answer: api.invitationsAnswer,
    status: 200,
    failures: ['forbidden', 'not_found'],
    handle: async ({ entrance, invitations }, { params, who }) => ({
      invitations: await invitations.list(await entrance.standing(params.event, who)),
    }),
  }),
  route({
    method: 'put',
    path: '/api/events/{event}/invitations/{role}',
    name: 'changeInvitation',
    summary: 'Make the code that lets people in with this role, or take it back.',
    credential: 'pass',
    params: eventPath.extend({ role: api.roleSchema }),
    query: nothing,
    body: api.changeInvitationBody,
    answer: api.invitationAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'unavailable'],
    handle: async ({ entrance, invitations }, { params, body, who }) => ({
      invitation: await invitations.change(await entrance.standing(params.event, who), params.role, body.on),
    }),
  }),
  route({
    method: 'post',
    path: '/api/match',
    name: 'match',
    summary: 'Into a room of this kind where somebody waits for another, or into a new one to wait in.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: api.matchBody,
    answer: api.matchAnswer,
    status: 200,
    failures: ['unauthorized', 'forbidden', 'not_found', 'refused', 'rate_limited'],
    async handle(platform, { body, facts }) {
      platform.limits.take('roomPerAddress', facts.address)
      const { kind, title, name, pass } = body
      requireAlone(platform, kind, 'matched')
      const holder = pass === undefined ? null : await platform.tickets.readPass(pass)
      const found = await platform.quickMatch.find(kind, holder?.user ?? null)
      if (found !== null) return { ...(await enter(platform, found, name, pass)), waiting: false }
      const wait = (tx: Store, event: EventId, user: UserId) => platform.quickMatch.wait(tx, event, kind, user)
      const room = { title, form: 'room', door: 'open', rooms: [{ kind, title }] } as const
      const made = await platform.entrance.create(room, name, pass, wait)
      return { event: toInfo(made.event), pass: made.pass, waiting: true }
    },
  }),
  route({
    method: 'post',
    path: '/api/match/{event}',
    name: 'matchAgain',
    summary: 'Still waiting there; asked every few seconds. Answers the room to be in, which may be another.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: nothing,
    answer: api.matchAgainAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'refused'],
    async handle(platform, { params, who }) {
      const { event, waiting } = await platform.quickMatch.still(params.event, who.user)
      if (event !== params.event) {
        const entered = await enter(platform, event, who.name, await platform.tickets.signPass(who))
        return { event: entered.event, waiting }
      }
      return { event: toInfo((await platform.entrance.standing(event, who)).event), waiting }
    },
  }),
]

/** Settings came as JSON, and the kind's own schema looks at them. */
function templateOf({ kind, title, settings }: z.output<typeof api.addRoomBody>): RoomTemplate {
  return { kind, title, settings: (settings ?? {}) as Json }
}

/** By its own code, as anyone who is told it would. */
async function enter({ entrance, events }: Platform, event: EventId, name: string, pass: string | undefined) {
  const joined = await entrance.join((await events.byId(event)).code, name, pass)
  return { event: toInfo(joined.event), pass: joined.pass }
}

/** Throws `forbidden` for a kind whose rooms stand in events only, or is unknown. */
function requireAlone({ kinds }: Platform, name: string, way: 'made' | 'matched' = 'made'): void {
  const alone = kinds.get(name)?.alone
  if (alone === undefined || (way === 'matched' && !alone.matched))
    throw new PlenaryError('forbidden', 'Rooms of this kind cannot be had on their own.')
}
