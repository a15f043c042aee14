import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { z } from 'zod'

/** Checks what came from outside. Throws `bad_request` that names the field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, at = ''): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = [at, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
  throw new PlenaryError(
    'bad_request',
    path === '' ? (issue?.message ?? 'Malformed.') : `${path}: ${issue?.message ?? 'malformed'}`,
  )
}

/** Throws `too_large` for a body past the limit. */
export function refuseTooLarge(body: unknown, maxBytes: number = LIMITS.commandBytes): void {
  let text: string
  try {
    text = JSON.stringify(body) ?? ''
  } catch {
    throw new PlenaryError('bad_request', 'body: nested too deeply')
  }
  // Most bodies are far below the limit even if every character took three bytes.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return
  throw new PlenaryError('too_large', `This command's body takes at most ${maxBytes} bytes.`)
}
