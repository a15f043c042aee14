import type { HttpBindings } from '@hono/node-server'

/** What the connection, and the proxies we trust, say of a request. */
export interface RequestFacts {
  /** The client's address as far as it can be known. */
  address: string
  /** Where the client reached us, like `https://plenary.example`. */
  origin: string
}

/**
 * `trustProxy` proxies in front each add themselves to the forwarding headers; what stands further left was written by the client
 * and proves nothing.
 */
export function requestFacts(request: Request, env: Partial<HttpBindings>, trustProxy: number): RequestFacts {
  const socket = env.incoming?.socket
  const peer = socket?.remoteAddress ?? 'unknown'
  const own = new URL(request.url)
  if (trustProxy === 0) return { address: peer, origin: own.origin }
  const address = fromRight(request.headers.get('x-forwarded-for'), trustProxy) ?? peer
  const scheme = fromRight(request.headers.get('x-forwarded-proto'), 1) === 'https' ? 'https' : 'http'
  return { address, origin: `${scheme}://${own.host}` }
}

function fromRight(header: string | null, place: number): string | undefined {
  return header
    ?.split(',')
    .map((part) => part.trim())
    .at(-place)
}
