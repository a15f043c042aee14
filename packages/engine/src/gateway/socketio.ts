import { toFailure } from '@plenary/kinds'
import type { Identity } from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Carrier, Reception } from './client-socket.ts'
import { rawParser } from './raw-json.ts'
import { SocketIoClient } from './socketio-client.ts'

const FRAME_MAX_BYTES = 1_200_000
const CONNECT_MS = 10_000

export interface SocketIoOptions {
  originAllowed(origin: string | undefined, host: string | undefined): boolean
}

/** Brings the Socket.IO clients of this HTTP server. */
export function socketIo(server: HttpServer, reception: Reception, { originAllowed }: SocketIoOptions): Carrier {
  const io = new Server(server, {
    serveClient: false,
    parser: rawParser,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: FRAME_MAX_BYTES,
    connectTimeout: CONNECT_MS,
    cors: { origin: (origin, allow) => allow(null, originAllowed(origin, undefined)) },
    allowRequest: (request, allow) => allow(null, originAllowed(request.headers.origin, request.headers.host)),
  })
  io.use((socket, next) => {
    reception.handshake(socket.handshake.auth).then(
      (who) => {
        socket.data = who
        next()
      },
      (error: unknown) => {
        const failure = toFailure(error)
        next(Object.assign(new Error(failure.message), { data: failure }))
      },
    )
  })
  io.on('connection', (socket) => {
    const received = reception.welcome(new SocketIoClient(socket), socket.data as Identity)
    if (received === null) return
    socket.onAny((event: string, ...args: unknown[]) => received.hear(event, args))
    socket.on('disconnect', () => received.gone())
  })
  return {
    async close() {
      io.disconnectSockets(true)
      await io.close()
    },
  }
}
