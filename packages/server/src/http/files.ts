import { PlenaryError, api } from '@plenary/kinds'
import { z } from 'zod'
import { FILE_LIMITS, tooLarge, type ServedFile } from '../files/room-files.ts'
import type { Platform } from '../platform.ts'
import { parsePart, readBytes } from './parse.ts'

const roomPath = z.strictObject({ room: api.eventRoomSchema.shape.id })
const filePath = roomPath.extend({ file: z.string().regex(/^[\w-]{43}$/) })
const fileQuery = z.strictObject({ key: z.string().max(64) })

/** Takes an image: the body is the file itself, whatever it says that it is. */
export async function takeFile(
  platform: Platform,
  params: unknown,
  bearer: string | undefined,
  request: Request,
): Promise<api.FileAnswer> {
  const who = await platform.tickets.readTicket(bearer ?? '')
  if (who.readOnly === true) throw new PlenaryError('forbidden', 'This ticket may only read.')
  platform.limits.take('askPerPerson', who.user)
  platform.limits.take('uploadPerPerson', who.user)
  const { room } = parsePart(roomPath, params, 'path')
  const bytes = await readBytes(request, FILE_LIMITS.imageBytes, tooLarge)
  return await platform.files.put(room, who, bytes)
}

/** Gives an image to whoever has its address. It never changes, and nothing in it can run or be framed. */
export async function giveFile(platform: Platform, params: unknown, query: unknown): Promise<Response> {
  const { room, file } = parsePart(filePath, params, 'path')
  const { key } = parsePart(fileQuery, query, 'query')
  const served: ServedFile = await platform.files.get(room, file, key)
  return new Response(new Uint8Array(served.bytes), {
    headers: {
      'content-type': served.type,
      'content-disposition': 'inline',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=31536000, immutable',
    },
  })
}
