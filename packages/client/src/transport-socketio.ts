import type { ClientEvents, Failure, ServerEvents } from '@plenary/kinds'
import { io, type Socket } from 'socket.io-client'
import { EarlyJoins } from './early-joins.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { SERVER_MESSAGES, type ServerMessage, type Transport, type Wire } from './transport.ts'

/** Socket.IO with a WebSocket first and long polling where that is blocked. Its own reconnection is off: ours asks for a gateway each time. */
export const socketIoTransport: Transport = {
  connect({ gateway, ticket }, listener) {
    const { origin, pathname } = new URL(gateway)
    const socket: Socket<ServerEvents, ClientEvents> = io(origin, {
      // The library would take a path in the address for a namespace.
      path: `${pathname.replace(/\/$/, '')}/socket.io/`,
      auth: (tell) => tell({ ticket, ...early.ask(listener.joins?.()) }),
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: CLIENT_LIMITS.connectMs,
    })
    const early = new EarlyJoins((request, answer) => void socket.emit('join', request, answer))
    let over = false
    const end = (failure: Failure | null) => {
      if (over) return
      close()
      listener.closed(failure)
    }
    const close = () => {
      over = true
      socket.off()
      socket.close()
    }
    // The first thing that a server says; what it takes is known from then on.
    socket.once('welcome', (body) => {
      early.welcomed(body)
      listener.opened()
    })
    socket.on('connect_error', (error) => end(failureIn((error as { data?: unknown }).data)))
    socket.on('disconnect', () => end(null))
    for (const name of SERVER_MESSAGES) {
      socket.on(name, (body: ServerMessage['body']) => {
        // It may have been closed when it opened, with this message still to be told.
        if (!over) listener.message({ name, body } as ServerMessage)
      })
    }
    const leave: Wire['leave'] = (request, answer) => void socket.emit('leave', request, answer)
    socket.on('joined', (body) => {
      if (!early.joined(body)) leave({ room: body.room }, () => undefined)
    })
    return {
      join: (request, answer) => early.join(request, answer),
      leave(request, answer) {
        early.left(request.room)
        leave(request, answer)
      },
      send: (request, answer) => void socket.emit('send', request, answer),
      signal: (request) => void socket.emit('signal', request),
      close,
    }
  },
}

function failureIn(data: unknown): Failure | null {
  return typeof data === 'object' && data !== null && 'code' in data && 'ok' in data ? (data as Failure) : null
}
