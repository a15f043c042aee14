import { PROVIDERS } from '@plenary/kinds'
import type { MiddlewareHandler } from 'hono'

/** The players of the providers that a stage's videos may come from. */
const PLAYERS = PROVIDERS.flatMap(({ frames }) => frames.map((host) => `https://${host}`))

/** On every answer, so that nothing typed by people can run as code and no other site can frame or read us. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    // A stage shows slides of any server over TLS, by link.
    "img-src 'self' data: blob: https:",
    `frame-src ${PLAYERS.join(' ')}`,
    "connect-src 'self' ws: wss:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  // Not by `context.header`, which would make the answer anew for each of them.
  const { headers } = context.res
  // Some answers are more careful still.
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!headers.has(name)) headers.set(name, value)
}
