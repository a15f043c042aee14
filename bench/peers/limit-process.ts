import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { serverFrame } from '../load/frames.ts'
import { answerCalls } from '../process/calls.ts'
import { settledUsage, usage } from '../process/usage.ts'

export interface LimitSettings {
  /** Every message. */
  text: string
}

/**
 * The least that a server written in Node can do: bytes that were framed before, written to one socket after the other as soon as
 * anything comes from one of them. What comes is not looked at.
 */
const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

const { text } = JSON.parse(process.argv[2] ?? '{}') as LimitSettings
const frame = serverFrame(text)
const sockets = new Set<Socket>()
const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', () => {
    socket.write(UPGRADED)
    sockets.add(socket)
    socket.on('data', () => {
      for (const each of sockets) each.write(frame)
    })
  })
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(socket))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const calls = { port: () => (server.address() as AddressInfo).port, usage, settledUsage }

export type LimitCalls = typeof calls
answerCalls(calls)
