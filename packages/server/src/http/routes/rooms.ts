import { api } from '@plenary/kinds'
import { z } from 'zod'
import { route } from '../route.ts'

/** What has happened in a room. */
export const roomRoutes = [
  route({
    method: 'get',
    path: '/api/rooms/{room}/entries',
    name: 'listEntries',
    summary: 'A slice of the log, as far as the ticket may see it.',
    credential: 'ticket',
    params: z.strictObject({ room: api.eventRoomSchema.shape.id }),
    query: api.entriesQuery,
    body: z.undefined(),
    answer: api.entriesAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'unavailable', 'timeout'],
    handle: ({ node }, { params, query, who }) => node.entries(params.room, who, query),
  }),
  route({
    method: 'get',
    path: '/api/rooms/{room}/document',
    name: 'readDocument',
    summary: 'A document as it was at any moment, and what changed since another, by whom.',
    credential: 'ticket',
    params: z.strictObject({ room: api.eventRoomSchema.shape.id }),
    query: api.documentQuery,
    body: z.undefined(),
    answer: api.documentAnswer,
    status: 200,
    failures: ['forbidden', 'not_found', 'too_large', 'unavailable', 'timeout'],
    handle: ({ documents }, { params, query, who }) => documents.read(params.room, who, query),
  }),
]
