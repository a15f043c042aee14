import { LIMITS } from '@plenary/kinds'
import type { IncomingMessage } from 'node:http'
import { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server } from 'socket.io'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

type Opened = (socket: WebSocket, request: IncomingMessage) => void

/** Ends a peer that goes on asking while it does not read: even a ping has an answer that must be kept for it. */
export class BoundedWebSockets extends WebSocketServer<typeof WebSocket, typeof IncomingMessage> {
  override handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer, opened: Opened): void {
    super.handleUpgrade(request, wire, head, (socket, again) => {
      const look = () => {
        if (socket.bufferedAmount > LIMITS.socketCloseBytes) socket.terminate()
      }
      socket.on('ping', look)
      socket.on('message', look)
      opened(socket, again)
    })
  }
}

/** Connections whose handshake has not come yet. */
export function strangersOf(io: Server): number {
  return io.engine.clientsCount - io.of('/').sockets.size
}

/** Refuses (400) what the library would leave without an answer, or answer with a fault of its own. */
export function refuseStrayRequests(io: Server, originAllowed: (request: IncomingMessage) => boolean): void {
  io.engine.use((request: IncomingMessage, response: unknown, next: (error?: Error) => void) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams
    const stray = isStray(io, query, request.method ?? '', response instanceof ServerResponse)
    next(stray || !mayGoOn(query, request, originAllowed) ? new Error('Not a request of Engine.IO.') : undefined)
  })
  io.engine.on('headers', (headers: Record<string, string>) => {
    headers['x-content-type-options'] = 'nosniff'
  })
}

function isStray(io: Server, query: URLSearchParams, method: string, plain: boolean): boolean {
  if (plain) return query.get('transport') === 'websocket' || (method !== 'GET' && method !== 'POST')
  // Only who polls has something to go over from.
  const sid = query.get('sid')
  return sid !== null && transportOf(io, sid) === 'websocket'
}

/** The library looks at where a connection's first request comes from, and never again. */
function mayGoOn(
  query: URLSearchParams,
  request: IncomingMessage,
  allowed: (request: IncomingMessage) => boolean,
): boolean {
  return !query.has('sid') || allowed(request)
}

function transportOf(io: Server, sid: string): string | undefined {
  const { clients } = io.engine as unknown as { clients: Record<string, { transport: { name: string } }> }
  return Object.hasOwn(clients, sid) ? clients[sid]?.transport.name : undefined
}

/** Ends at once who wants a WebSocket where there is none; the library would wait for the other side to do so. */
export function otherUpgradesRefused(taken: readonly string[]): (request: IncomingMessage, wire: Duplex) => void {
  return ({ url = '' }, wire) => {
    if (taken.some((path) => url.startsWith(path))) return
    wire.on('error', () => wire.destroy())
    wire.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => wire.destroy())
  }
}
