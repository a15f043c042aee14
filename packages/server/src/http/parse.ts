import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { z } from 'zod'

/** Largest body of any request, in bytes. */
export const BODY_BYTES = LIMITS.commandBytes

/** The checked value. Throws `bad_request` naming the first thing that is wrong with it. */
export function parsePart<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = [part, ...(issue?.path ?? [])].join('.')
  throw new PlenaryError('bad_request', `${where}: ${issue?.message ?? 'is not valid'}`)
}

/** A request's JSON body. Throws `bad_request` unless it is JSON and says so, `too_large` past {@link BODY_BYTES}. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const text = await readText(request)
  if (type !== 'application/json') throw new PlenaryError('bad_request', 'The body must be of type application/json.')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new PlenaryError('bad_request', 'The body is not JSON.', { cause })
  }
}

/** Reads no further than the limit, whatever the request says of its length. */
async function readText(request: Request): Promise<string> {
  const tooLarge = () => new PlenaryError('too_large', `A body has at most ${BODY_BYTES} bytes.`)
  return (await readBytes(request, BODY_BYTES, tooLarge)).toString('utf8')
}

/** The same for a body that is no text. Throws `tooLarge` past the limit. */
export async function readBytes(request: Request, bytesMax: number, tooLarge: () => PlenaryError): Promise<Buffer> {
  const said = request.headers.get('content-length')
  if (Number(said ?? 0) > bytesMax) throw tooLarge()
  // Whoever says a length cannot send more, so that it need not be counted, chunk by chunk.
  if (said !== null) return Buffer.from(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let bytes = 0
  const body: AsyncIterable<Uint8Array> | null = request.body
  if (body === null) return Buffer.alloc(0)
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
