import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { PlenaryError } from '@plenary/kinds'
import type { Identity, Millis, RoomId, api } from '@plenary/kinds'
import type { PlenaryNode } from '@plenary/engine'
import { isDuplicate, type Store } from '../store/store.ts'
import type { BlobHash, Blobs } from './blobs.ts'
import { imageFacts } from './image.ts'

/** What images may be, units last in the name. */
export const FILE_LIMITS = {
  imageBytes: 5 * 1024 * 1024,
  /** Of one side, and of all: what a browser must unpack. */
  sidePixels: 12_000,
  imagePixels: 50_000_000,
  filesPerRoom: 500,
  bytesPerRoom: 200 * 1024 * 1024,
} as const

const KEY_CHARS = 22

export interface ServedFile {
  type: string
  bytes: Uint8Array
}

/** Images beside rooms. */
export interface RoomFiles {
  /** Keeps an image and says where it is served. Throws `forbidden`, `not_found`, `refused` with a reason, `too_large`. */
  put(room: RoomId, who: Identity, bytes: Uint8Array): Promise<api.FileAnswer>
  /** For whoever has its address, which is as good as a place in the room was when it was read there. Throws `not_found`. */
  get(room: RoomId, file: BlobHash, key: string): Promise<ServedFile>
}

export interface RoomFilesParts {
  store: Store
  blobs: Blobs
  node: PlenaryNode
  secret: string
  now(): Millis
}

export function roomFiles({ store, blobs, node, secret, now }: RoomFilesParts): RoomFiles {
  const keyOf = (room: RoomId, file: BlobHash) =>
    createHmac('sha256', secret).update(`file ${room} ${file}`).digest('base64url').slice(0, KEY_CHARS)

  async function refuseWhenFull(room: RoomId, more: number): Promise<void> {
    const { files, bytes } = await store
      .selectFrom('room_file')
      .select(({ fn }) => [fn.countAll().as('files'), fn.sum('bytes').as('bytes')])
      .where('room_id', '=', room)
      .executeTakeFirstOrThrow()
    if (Number(files) < FILE_LIMITS.filesPerRoom && Number(bytes ?? 0) + more <= FILE_LIMITS.bytesPerRoom) return
    throw new PlenaryError('refused', 'This room holds no more images.', { reason: 'files_full' })
  }

  return {
    async put(room, who, bytes) {
      if (!(await node.mayPutFiles(room, who))) throw new PlenaryError('forbidden', 'No images can be put here.')
      if (bytes.length > FILE_LIMITS.imageBytes) throw tooLarge()
      const facts = imageFacts(bytes)
      if (facts === null) {
        throw new PlenaryError('refused', 'Only PNG, JPEG, GIF and WebP images can be put here.', {
          reason: 'no_image',
        })
      }
      const { type, width, height } = facts
      const sides = [width, height]
      if (sides.some((side) => side < 1 || side > FILE_LIMITS.sidePixels) || width * height > FILE_LIMITS.imagePixels) {
        throw new PlenaryError('refused', 'This image has too many pixels.', { reason: 'image_too_large' })
      }
      const file = createHash('sha256').update(bytes).digest('base64url')
      const known = store.selectFrom('room_file').select('file').where('room_id', '=', room).where('file', '=', file)
      if ((await known.executeTakeFirst()) === undefined) {
        await refuseWhenFull(room, bytes.length)
        // The bytes first: a row without them would be an address that serves nothing.
        await blobs.put(file, bytes)
        try {
          const row = { room_id: room, file, type, bytes: bytes.length, user_id: who.user, at: now() }
          await store.insertInto('room_file').values(row).execute()
        } catch (error) {
          if (!isDuplicate(error)) throw error
        }
      }
      return {
        url: `/api/rooms/${room}/files/${file}?key=${keyOf(room, file)}`,
        type,
        bytes: bytes.length,
        width,
        height,
      }
    },

    async get(room, file, key) {
      const wanted = Buffer.from(keyOf(room, file))
      const given = Buffer.from(key)
      const found =
        wanted.length === given.length && timingSafeEqual(wanted, given)
          ? await store
              .selectFrom('room_file')
              .select('type')
              .where('room_id', '=', room)
              .where('file', '=', file)
              .executeTakeFirst()
          : undefined
      const bytes = found === undefined ? null : await blobs.get(file)
      if (found === undefined || bytes === null) throw new PlenaryError('not_found', 'There is no such file.')
      return { type: found.type, bytes }
    },
  }
}

export function tooLarge(): PlenaryError {
  return new PlenaryError('too_large', `An image has at most ${FILE_LIMITS.imageBytes} bytes.`)
}
