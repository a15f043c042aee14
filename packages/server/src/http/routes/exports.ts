import { api } from '@plenary/kinds'
import { z } from 'zod'
import { exportEvent } from '../../export/export-event.ts'
import { exportTable } from '../../export/export-table.ts'
import { route, type Media } from '../route.ts'

const eventPath = z.strictObject({ event: api.eventSchema.shape.id })
const roomPath = eventPath.extend({ room: api.eventRoomSchema.shape.id })
const nothing = z.strictObject({})
const file = z.instanceof(Response)

/** What those who run an event take home; sent while it is being read. */
export const exportRoutes = [
  route({
    method: 'get',
    path: '/api/events/{event}/export',
    name: 'exportEvent',
    summary: 'All of an event as a ZIP: entries of each room, polls and questions as CSV, chats as text and HTML.',
    credential: 'pass',
    params: eventPath,
    query: nothing,
    body: z.undefined(),
    answer: file,
    media: 'application/zip',
    status: 200,
    failures: ['forbidden', 'not_found'],
    async handle(platform, { params, who }) {
      const standing = await platform.entrance.standing(params.event, who)
      return fileOf('application/zip', `${standing.event.code}.zip`, exportEvent(platform, standing))
    },
  }),
  route({
    method: 'get',
    path: '/api/events/{event}/rooms/{room}/csv',
    name: 'exportTable',
    summary: 'The polls with their results, or the questions, of one room, as CSV.',
    credential: 'pass',
    params: roomPath,
    query: nothing,
    body: z.undefined(),
    answer: file,
    media: 'text/csv',
    status: 200,
    failures: ['forbidden', 'not_found', 'unavailable', 'timeout'],
    async handle(platform, { params, who }) {
      const standing = await platform.entrance.standing(params.event, who)
      const { name, csv } = await exportTable(platform, standing, params.room)
      return fileOf('text/csv', `${standing.event.code}-${name}.csv`, csv)
    },
  }),
]

/** `chunks` are read as fast as whoever asked takes them, and no further than that. */
function fileOf(media: Media, name: string, chunks: string | AsyncGenerator<Uint8Array>): Response {
  const body = typeof chunks === 'string' ? chunks : streamOf(chunks)
  return new Response(body, {
    headers: {
      'content-type': media === 'text/csv' ? 'text/csv; charset=utf-8' : media,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  })
}

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}
