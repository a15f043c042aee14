import type { IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS, failure } from '@plenary/kinds'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { Turnstile } from './turnstile.ts'

/** What everyone asks who comes to an event, or back to it. */
const ENTRANCES: ReadonlySet<string> = new Set(['/api/join', '/api/ticket'])

/**
 * Answers those whose turn it is not, before anything of their request is looked at: they are thousands, and a refusal must cost next
 * to nothing. False for all others, who are still to be answered.
 */
export function putOff(turnstile: Turnstile, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  if (incoming.method !== 'POST' || !ENTRANCES.has(incoming.url ?? '')) return false
  const retryAfter = turnstile.turnMs()
  if (retryAfter === 0) return false
  const put = failure('unavailable', 'Many people are coming in. It is your turn in a moment.', { retryAfter })
  outgoing.writeHead(ERRORS.unavailable.status, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'retry-after': String(Math.ceil(retryAfter / 1_000)),
  })
  outgoing.end(JSON.stringify(put))
  return true
}
