import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PathCarrier, Reception } from '@plenary/engine'
import { ERRORS, PlenaryError, api, toFailure, type Failure, type RoomId } from '@plenary/kinds'
import { WebSocketServer, type WebSocket } from 'ws'
import { YClient } from './y-client.ts'

/** As over Socket.IO. */
const FRAME_MAX_BYTES = 1_200_000
const PING_MS = 25_000
/** Handshakes on their way at one time. */
const STRANGERS_MAX = 1_000
const PATH = '/y/'

/**
 * Documents for any editor that has y-websocket's provider: `new WebsocketProvider('wss://host/y', room, doc, { params: { ticket } })`.
 * or Hocuspocus's: `new HocuspocusProvider({ url: 'wss://host/y/ROOM?ticket=TICKET', name: ROOM, document: doc })`.
 * Whoever has no right is refused before the WebSocket opens: 401, 403, 404, or 503 when it may be tried again.
 */
export function yWebSocket(
  originAllowed: (origin: string | undefined, host: string | undefined) => boolean,
): PathCarrier {
  return {
    path: PATH,
    open(server, reception) {
      const webSockets = new WebSocketServer({
        noServer: true,
        maxPayload: FRAME_MAX_BYTES,
        perMessageDeflate: false,
        clientTracking: true,
      })
      let strangers = 0
      const upgrade = (request: IncomingMessage, wire: Duplex, head: Buffer) => {
        if (request.url?.startsWith(PATH) !== true) return
        const onError = () => wire.destroy()
        wire.on('error', onError)
        strangers += 1
        const mayAsk = strangers <= STRANGERS_MAX && originAllowed(request.headers.origin, request.headers.host)
        const checking = mayAsk ? check(reception, request) : Promise.reject(notNow())
        checking
          .then(
            ({ room, arrival }) => {
              wire.off('error', onError)
              webSockets.handleUpgrade(request, wire, head, (webSocket) => {
                const client = new YClient(webSocket, room, arrival.identity.user)
                const received = reception.welcome(client, arrival)
                if (received === null) return
                clients.set(webSocket, client)
                alive.add(webSocket)
                webSocket.on('pong', () => alive.add(webSocket))
                client.begin(received)
              })
            },
            (error: unknown) => refuse(wire, toFailure(error)),
          )
          .finally(() => {
            strangers -= 1
          })
      }
      const alive = new WeakSet<WebSocket>()
      const clients = new WeakMap<WebSocket, YClient>()
      const pinging = setInterval(() => {
        for (const webSocket of webSockets.clients) {
          // It has not answered the last one.
          if (!alive.delete(webSocket)) {
            webSocket.terminate()
            continue
          }
          webSocket.ping()
          clients.get(webSocket)?.beat()
        }
      }, PING_MS)
      server.on('upgrade', upgrade)
      return {
        async close() {
          server.off('upgrade', upgrade)
          clearInterval(pinging)
          for (const webSocket of webSockets.clients) webSocket.terminate()
          webSockets.close()
        },
      }
    },
  }
}

async function check(reception: Reception, request: IncomingMessage) {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const room = api.eventRoomSchema.shape.id.safeParse(pathname.slice(PATH.length))
  if (!room.success) throw new PlenaryError('not_found', 'There is no such room.')
  const arrival = await reception.handshake({ ticket: searchParams.get('ticket') ?? '' })
  return { room: room.data satisfies RoomId, arrival }
}

function notNow(): PlenaryError {
  return new PlenaryError('forbidden', 'Not from there, or not now.')
}

function refuse(wire: Duplex, failure: Failure): void {
  const { status } = ERRORS[failure.code]
  const body = JSON.stringify(failure)
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Connection: close',
    'Content-Type: application/json',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  wire.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => wire.destroy())
}
