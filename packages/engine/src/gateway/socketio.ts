import { LIMITS, toFailure } from '@plenary/kinds'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Carrier, Arrival, Reception } from './client-socket.ts'
import { rawParser } from './raw-json.ts'
import { BoundedWebSockets, otherUpgradesRefused, refuseStrayRequests, strangersOf } from './socketio-bounds.ts'
import { SocketIoClient } from './socketio-client.ts'

const FRAME_MAX_BYTES = 1_200_000
const CONNECT_MS = 10_000

export interface SocketIoOptions {
  originAllowed(origin: string | undefined, host: string | undefined): boolean
  /** Connections of other carriers whose handshake has not passed. */
  strangers(): number
  /** Paths under which others take WebSockets of this server. */
  elsewhere?: readonly string[]
}

/** Brings the Socket.IO clients of this HTTP server. */
export function socketIo(
  server: HttpServer,
  reception: Reception,
  { originAllowed, strangers, elsewhere = [] }: SocketIoOptions,
): Carrier {
  const mayAsk = ({ headers }: IncomingMessage) => originAllowed(headers.origin, headers.host)
  const io: Server = new Server(server, {
    serveClient: false,
    parser: rawParser,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: FRAME_MAX_BYTES,
    connectTimeout: CONNECT_MS,
    cors: { origin: (origin, allow) => allow(null, originAllowed(origin, undefined)) },
    allowRequest: (request, allow) =>
      allow(null, mayAsk(request) && strangersOf(io) + strangers() < LIMITS.connectionsHalfOpen),
    wsEngine: BoundedWebSockets,
    destroyUpgrade: false,
  })
  refuseStrayRequests(io, mayAsk)
  const refuseOtherUpgrades = otherUpgradesRefused(['/socket.io/', ...elsewhere])
  server.on('upgrade', refuseOtherUpgrades)
  const met = new WeakSet<object>()
  io.use((socket, next) => {
    // One connection, one handshake: a second CONNECT would be one more client on it.
    if (met.has(socket.conn)) {
      socket.conn.close()
      return
    }
    met.add(socket.conn)
    reception.handshake(socket.handshake.auth).then(
      (arrival) => {
        socket.data = arrival
        next()
      },
      (error: unknown) => {
        const failure = toFailure(error)
        next(Object.assign(new Error(failure.message), { data: failure }))
        // Once that is written: who was refused keeps no place.
        setImmediate(() => socket.conn.close())
      },
    )
  })
  io.on('connection', (socket) => {
    const received = reception.welcome(new SocketIoClient(socket), socket.data as Arrival)
    socket.data = null
    if (received === null) return
    socket.onAny((event: string, ...args: unknown[]) => received.hear(event, args))
    socket.on('disconnect', () => {
      received.gone()
      // Who leaves the namespace would keep a connection that nobody counts.
      socket.conn.close()
    })
  })
  return {
    async close() {
      server.off('upgrade', refuseOtherUpgrades)
      io.disconnectSockets(true)
      await io.close()
    },
  }
}
