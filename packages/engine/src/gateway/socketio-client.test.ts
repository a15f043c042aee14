import type { Identity } from '@plenary/kinds'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { identity, until } from '../testing/harness.ts'
import type { ClientSocket } from './client-socket.ts'
import { frameOnce } from './outgoing.ts'
import { socketIo } from './socketio.ts'
import { SocketIoClient } from './socketio-client.ts'
import type { LibrarySocket } from './socketio-client.ts'

const encoder = new TextEncoder()
const MEBIBYTE = 1024 * 1024

/** A packet of the form of a signal, written as one that was framed for many. */
const framed = (mark: number, padding = '') =>
  frameOnce(encoder.encode(`2["signal",${JSON.stringify(body(mark, padding))}]`))
const body = (mark: number, padding = '') =>
  ({ room: 'a', by: { id: 'b', name: 'c' }, type: padding, body: mark }) as never

interface Stage extends AsyncDisposable {
  url: string
  /** The clients that came, in their order. */
  came: ClientSocket[]
}

async function startCarrier(): Promise<Stage> {
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const came: ClientSocket[] = []
  const reception = {
    handshake: async (): Promise<Identity> => identity(),
    welcome: (socket: ClientSocket) => {
      came.push(socket)
      return { hear: () => undefined, gone: () => undefined }
    },
  }
  const carrier = socketIo(http, reception, { originAllowed: () => true })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    came,
    async [Symbol.asyncDispose]() {
      await carrier.close()
      http.close()
    },
  }
}

/** A client of bare frames, and the marks that it was told, in their order. */
async function bareClient(stage: Stage) {
  const ws = new WebSocket(`${stage.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const marks: number[] = []
  ws.on('error', () => undefined)
  ws.on('message', (data: Buffer) => {
    const text = data.toString()
    if (text.startsWith('0')) ws.send('40{}')
    else if (text.startsWith('42["signal"')) marks.push(markOf(text))
  })
  const index = stage.came.length
  await until(() => stage.came.length > index)
  return { ws, marks, socket: stage.came[index] as ClientSocket }
}

const markOf = (text: string) => Number(/"body":(\d+)/.exec(text)?.[1])
const marksTo = (count: number) => Array.from({ length: count }, (_, mark) => mark)

test('[R2] what is emitted and what is written arrives in the order of the calls, whichever way each goes', async () => {
  await using stage = await startCarrier()
  const { ws, marks, socket } = await bareClient(stage)
  let mark = 0
  for (let turn = 0; turn < 200; turn++) {
    // Runs of every length up to four, within one turn of the loop and over several.
    for (let run = 0; run <= turn % 4; run++) socket.write(framed(mark++))
    for (let run = 0; run <= turn % 3; run++) socket.emit('signal', body(mark++))
    if (turn % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => marks.length === mark)
  expect(marks).toEqual(marksTo(mark))
  ws.terminate()
})

test('[R2] [R7] a reader that stood still gets all in order, and what waits for it is counted meanwhile', async () => {
  await using stage = await startCarrier()
  const { ws, marks, socket } = await bareClient(stage)
  const padding = 'x'.repeat(50_000)
  ws.pause()
  let mark = 0
  let most = 0
  while (most < 3 * MEBIBYTE) {
    socket.write(framed(mark++, padding))
    socket.emit('signal', body(mark++))
    socket.write(framed(mark++, padding))
    most = Math.max(most, socket.waitingBytes())
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(most).toBeLessThan(4 * MEBIBYTE)
  ws.resume()
  await until(() => marks.length === mark)
  expect(marks).toEqual(marksTo(mark))
  await until(() => socket.waitingBytes() === 0)
  socket.write(framed(mark++))
  await until(() => marks.length === mark)
  ws.terminate()
})

test.each([['websocket'], ['polling']])('[R2] one who comes by %s is told all in order', async (transport) => {
  await using stage = await startCarrier()
  const marks: number[] = []
  const client = io(stage.url, { transports: [transport], forceNew: true, reconnection: false })
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  await until(() => stage.came.length === 1)
  const [socket] = stage.came as [ClientSocket]
  for (let mark = 0; mark < 300; mark++) {
    if (mark % 3 === 0) socket.emit('signal', body(mark))
    else socket.write(framed(mark))
    if (mark % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => marks.length === 300)
  expect(marks).toEqual(marksTo(300))
  client.disconnect()
})

test('[R2] nothing is lost, repeated or overtaken while a client goes over from polling to WebSocket', async () => {
  await using stage = await startCarrier()
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

test('[R2] what was written before the end arrives, and nothing after it', async () => {
  await using stage = await startCarrier()
  const { ws, marks, socket } = await bareClient(stage)
  const padding = 'x'.repeat(50_000)
  for (let mark = 0; mark < 100; mark++) socket.write(framed(mark, padding))
  const closed = once(ws, 'close')
  socket.end()
  for (let mark = 100; mark < 120; mark++) socket.write(framed(mark))
  await closed
  expect(marks).toEqual(marksTo(100))
  expect(socket.waitingBytes()).toBe(0)
})

test('one that was cut, and one that has gone, is written to without a fault', async () => {
  await using stage = await startCarrier()
  const { ws, socket } = await bareClient(stage)
  socket.cut()
  socket.write(framed(0))
  await once(ws, 'close')
  socket.write(framed(1))
  const other = await bareClient(stage)
  other.ws.terminate()
  while (other.socket.connected) {
    other.socket.write(framed(2))
    await new Promise((resolve) => setImmediate(resolve))
  }
  other.socket.write(framed(3))
  expect(other.socket.connected).toBe(false)
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
