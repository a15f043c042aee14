import { api } from '@plenary/kinds'
import { z } from 'zod'
import { exportEvent } from '../export/export-event.ts'
import type { Platform } from '../platform.ts'
import { parsePart } from './parse.ts'

const place = z.strictObject({ event: api.eventSchema.shape.id })

/** All of an event as a ZIP, for those who run it; sent while it is being read. Throws `unauthorized`, `forbidden`, `not_found`. */
export async function giveExport(platform: Platform, params: unknown, bearer: string | undefined): Promise<Response> {
  const holder = await platform.tickets.readPass(bearer ?? '')
  platform.limits.take('askPerPerson', holder.user)
  const { event } = parsePart(place, params, 'path')
  const standing = await platform.entrance.standing(event, holder)
  const chunks = exportEvent(platform, standing)
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
  return new Response(stream, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${standing.event.code}.zip"`,
      'cache-control': 'no-store',
    },
  })
}
