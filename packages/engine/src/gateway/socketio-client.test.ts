import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { expect, test } from 'vitest'
import { until } from '../testing/harness.ts'
import { body, carrierContract, framed, libraryClient, marksTo, startCarrier } from './client-socket.contract.ts'
import type { Attach } from './client-socket.contract.ts'
import type { ClientSocket } from './client-socket.ts'
import { socketIo } from './socketio.ts'
import { SocketIoClient } from './socketio-client.ts'
import type { LibrarySocket } from './socketio-client.ts'

const attach: Attach = (server, reception) =>
  socketIo(server, reception, { originAllowed: () => true, strangers: () => 0 })

carrierContract(attach)

test.each([['websocket'], ['polling']])('[R2] one who comes by %s is told all in order', async (transport) => {
  await using stage = await startCarrier(attach)
  const { client, marks } = await libraryClient(stage, transport, 300)
  expect(marks).toEqual(marksTo(300))
  client.disconnect()
})

test('[R2] nothing is lost, repeated or overtaken while a client goes over from polling to WebSocket', async () => {
  await using stage = await startCarrier(attach)
  const marks: number[] = []
  const client = io(stage.url, { transports: ['polling', 'websocket'], forceNew: true, reconnection: false })
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  await until(() => stage.came.length === 1)
  const [socket] = stage.came as [ClientSocket]
  let mark = 0
  let after = 0
  while (after < 100) {
    if (mark % 3 === 0) socket.emit('signal', body(mark++))
    else socket.write(framed(mark++))
    if (client.io.engine.transport.name === 'websocket') after++
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => marks.length === mark)
  expect(marks).toEqual(marksTo(mark))
  client.disconnect()
})

test.each([
  ['as it is known', false, () => undefined, 0],
  ['that compresses', true, () => undefined, 20],
  ['whose sender is of another make', false, (inner: object) => replace(inner, '_sender', sameBut), 20],
  [
    'that writes to another socket',
    false,
    (inner: object) => replace(inner, '_socket', (socket) => new Proxy(socket, {})),
    20,
  ],
])('a library %s: what is framed goes past it only where that is safe', async (_, compresses, change, byLibrary) => {
  const http = createServer()
  const server = new Server(http, { perMessageDeflate: compresses })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const connected = once(server, 'connection')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const client = io(url, { transports: ['websocket'], forceNew: true })
  const [socket] = (await connected) as [LibrarySocket]
  const marks: number[] = []
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  change((socket.conn.transport as unknown as { socket: object }).socket)
  let packets = 0
  socket.conn.on('packetCreate', () => packets++)
  const writer = new SocketIoClient(socket)
  for (let mark = 0; mark < 20; mark++) writer.write(framed(mark))
  expect(packets).toBe(byLibrary)
  await until(() => marks.length === 20)
  expect(marks).toEqual(marksTo(20))
  client.disconnect()
  await server.close()
})

test('one who went over from polling to WebSocket is written to as one who came by it', async () => {
  const http = createServer()
  const server = new Server(http)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const connected = once(server, 'connection')
  const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { forceNew: true })
  const [socket] = (await connected) as [LibrarySocket]
  const marks: number[] = []
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  let packets = 0
  socket.conn.on('packetCreate', () => packets++)
  const writer = new SocketIoClient(socket)
  writer.write(framed(0))
  expect(packets).toBe(1)
  await once(socket.conn, 'upgrade')
  writer.write(framed(1))
  await until(() => marks.length === 2)
  expect([packets, marks]).toEqual([1, [0, 1]])
  client.disconnect()
  await server.close()
})

/** Puts another thing in the place of one that the library keeps to itself. */
function replace(inner: object, name: string, by: (old: object) => object): void {
  Reflect.set(inner, name, by(Reflect.get(inner, name) as object))
}

/** Does all that this does, and is of no class that is known. */
function sameBut(sender: object): object {
  return new Proxy(sender, { getPrototypeOf: () => null })
}
