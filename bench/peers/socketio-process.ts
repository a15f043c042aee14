import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { answerCalls } from '../process/calls.ts'
import { settledUsage, usage } from '../process/usage.ts'

export interface SocketioSettings {
  /** With it, several servers are one by the Redis adapter. */
  redisPort?: number
}

interface Posted {
  seq: number
  room: string
  text: string
}

const { redisPort } = JSON.parse(process.argv[2] ?? '{}') as SocketioSettings
const http = createServer()
const io = new Server(http, redisPort === undefined ? {} : { adapter: await redisAdapter(redisPort) })
// What its documentation says on memory: https://socket.io/docs/v4/performance-tuning/
io.engine.on('connection', (connection: { request: unknown }) => {
  connection.request = null
})
http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
await once(http, 'listening')

/** What a chat by the documentation does, and what an entry of ours carries, so that as many bytes go out. */
io.on('connection', (socket) => {
  const { room: atOnce } = socket.handshake.auth as { room?: string }
  if (atOnce !== undefined) {
    void socket.join(atOnce)
    socket.emit('joined', { ok: true })
  }
  socket.on('join', ({ room }: { room: string }, done: (answer: unknown) => void) => {
    void socket.join(room)
    done({ ok: true })
  })
  socket.on('post', ({ seq, room, text }: Posted, done: (answer: unknown) => void) => {
    const by = { id: 'user-100', name: 'Person 100', role: 'attendee' }
    const id = '00000000-0000-4000-8000-000000000000'
    io.to(room).emit('entry', { seq, room, at: Date.now(), by, type: 'post', body: { text }, id })
    done({ ok: true, seq })
  })
})

/** As the adapter's own documentation sets it up for ioredis. */
async function redisAdapter(port: number) {
  const { createAdapter } = await import('@socket.io/redis-adapter')
  const publishing = new Redis(port, '127.0.0.1')
  return createAdapter(publishing, publishing.duplicate())
}

const calls = {
  port: () => (http.address() as AddressInfo).port,
  usage,
  settledUsage,
}

export type SocketioCalls = typeof calls
answerCalls(calls)
