import { api } from '@plenary/kinds'
import { z } from 'zod'
import { FILE_LIMITS, tooLarge } from '../../files/room-files.ts'
import { readBytes } from '../parse.ts'
import { route } from '../route.ts'

const roomPath = z.strictObject({ room: api.eventRoomSchema.shape.id })

/** Images beside rooms. */
export const fileRoutes = [
  route({
    method: 'post',
    path: '/api/rooms/{room}/files',
    name: 'takeFile',
    summary: 'Puts an image beside a room: the body is the file itself, whatever it says that it is.',
    credential: 'ticket',
    params: roomPath,
    query: z.strictObject({}),
    body: z.undefined(),
    takes: 'image/*',
    answer: api.fileAnswer,
    status: 201,
    failures: ['not_found', 'refused', 'unavailable', 'timeout'],
    async handle(platform, { params, who, request }) {
      platform.limits.take('uploadPerPerson', who.user)
      const bytes = await readBytes(request, FILE_LIMITS.imageBytes, tooLarge)
      return await platform.files.put(params.room, who, bytes)
    },
  }),
  route({
    method: 'get',
    path: '/api/rooms/{room}/files/{file}',
    name: 'giveFile',
    summary: 'An image, for whoever has its address. It never changes, and nothing in it can run or be framed.',
    credential: 'none',
    params: roomPath.extend({ file: z.string().regex(/^[\w-]{43}$/) }),
    query: z.strictObject({ key: z.string().max(64) }),
    body: z.undefined(),
    answer: z.instanceof(Response),
    media: 'image/*',
    status: 200,
    failures: ['not_found'],
    async handle(platform, { params, query }) {
      const { type, bytes } = await platform.files.get(params.room, params.file, query.key)
      return new Response(new Uint8Array(bytes), {
        headers: {
          'content-type': type,
          'content-disposition': 'inline',
          'content-security-policy': "default-src 'none'; sandbox",
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'private, max-age=31536000, immutable',
        },
      })
    },
  }),
]
