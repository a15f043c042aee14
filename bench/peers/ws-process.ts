import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { answerCalls } from '../process/calls.ts'
import { settledUsage, usage } from '../process/usage.ts'

/** The broadcast of the documentation of `ws`, to everyone, the sender too. */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
server.on('connection', (socket) => {
  socket.on('error', console.error)
  socket.on('message', (data, binary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary })
    }
  })
})
await once(server, 'listening')

const calls = { port: () => (server.address() as AddressInfo).port, usage, settledUsage }

export type WsCalls = typeof calls
answerCalls(calls)
