import { once } from 'node:events'
import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../../testing/harness.ts'
import {
  bareClient,
  body,
  carrierContract,
  framed,
  libraryClient,
  marksTo,
  startCarrier,
} from '../client-socket.contract.ts'
import type { Attach } from '../client-socket.contract.ts'
import { socketIo } from '../socketio.ts'
import { WebSockets } from './websocket.ts'

const originAllowed = (origin: string | undefined) => origin !== 'http://elsewhere.example'
const attach: Attach = (server, reception) => new WebSockets(server, reception, { originAllowed })
/** As a node has them. */
const both: Attach = (server, reception) => {
  const webSockets = new WebSockets(server, reception, { originAllowed })
  const library = socketIo(server, reception, { originAllowed, strangers: () => webSockets.strangers })
  return {
    async close() {
      await webSockets.close()
      await library.close()
    },
  }
}

describe('straight to the network', () => carrierContract(attach))
describe('through the stream', () =>
  carrierContract((server, reception) => new WebSockets(server, reception, { originAllowed, straight: false })))

/** What comes back for these bytes, sent one after the other, until it has been answered or the connection has ended. */
async function answerTo(url: string, ...parts: string[]): Promise<string> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname).setNoDelay(true)
  let answer = ''
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  for (const part of parts) {
    socket.write(part, 'latin1')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await until(() => answer.includes('\r\n\r\n') || socket.destroyed)
  socket.destroy()
  return answer
}

/** What the library says when it opens, and ours does not. */
const LIBRARY = 'Vary: Origin'

const FIELDS = {
  Host: 'a',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
/** Time that goes on by itself and can be skipped. */
class Clock implements Disposable {
  skippedMs = 0
  readonly #now = performance.now.bind(performance)

  constructor() {
    vi.spyOn(performance, 'now').mockImplementation(() => this.#now() + this.skippedMs)
  }

  [Symbol.dispose](): void {
    vi.restoreAllMocks()
  }
}

const PATH = '/socket.io/?EIO=4&transport=websocket'
const headOf = (changed: Record<string, string | undefined> = {}, path = PATH) => {
  const lines = Object.entries({ ...FIELDS, ...changed }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  )
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

test('a client by the library of Socket.IO comes in, is told all in order, asks, is answered, and leaves', async () => {
  await using stage = await startCarrier(both)
  const { client, socket, marks } = await libraryClient(stage, 'websocket', 300)
  expect(marks).toEqual(marksTo(300))
  expect(client.id).toBe(socket.id)
  stage.hear = (event, args) => (args.at(-1) as (answer: unknown) => void)({ heard: [event, ...args.slice(0, -1)] })
  expect(await client.emitWithAck('söme', { where: 'a\u2028é😀' }, 7)).toEqual({
    heard: ['söme', { where: 'a\u2028é😀' }, 7],
  })
  client.disconnect()
  await until(() => stage.gone === 1)
  expect(socket.connected).toBe(false)
})

test('one that is ended by the server is told so', async () => {
  await using stage = await startCarrier(both)
  const client = io(stage.url, { transports: ['websocket'], forceNew: true, reconnection: false })
  await until(() => stage.came.length === 1)
  const reasons: string[] = []
  client.on('disconnect', (reason) => reasons.push(reason))
  stage.came[0]?.end()
  await until(() => reasons.length > 0)
  expect(reasons).toEqual(['io server disconnect'])
  expect(stage.gone).toBe(1)
})

test('whoever begins by polling is the library’s, also once it goes over to a WebSocket', async () => {
  await using stage = await startCarrier(both)
  const client = io(stage.url, { transports: ['polling', 'websocket'], forceNew: true, reconnection: false })
  const marks: number[] = []
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  await until(() => client.io.engine.transport.name === 'websocket' && stage.came.length === 1)
  stage.came[0]?.emit('signal', body(1))
  await until(() => marks.length === 1)
  expect(marks).toEqual([1])
  client.disconnect()
})

test('the key is answered as RFC 6455 says, and the first packet comes with it', async () => {
  await using stage = await startCarrier(attach)
  const answer = await answerTo(stage.url, headOf())
  expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
  expect(answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
  expect(answer).toContain('0{"sid":"')
})

test.each<[what: string, parts: string[], status: number]>([
  ['any other request', ['GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a\r\n\r\n'], 400],
  ['one letter after the other', 'GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a\r\n\r\n'.split(''), 400],
  ['a WebSocket in pieces', [headOf().slice(0, 20), headOf().slice(20)], 101],
  ['a WebSocket with a body', [headOf({ 'Content-Length': '0' })], 101],
  ['a subprotocol, which the library takes', [headOf({ 'Sec-WebSocket-Protocol': 'x' })], 101],
  ['a page of another site', [headOf({ Origin: 'http://elsewhere.example' })], 400],
  ['another version', [headOf({ 'Sec-WebSocket-Version': '12' })], 400],
  ['a key that is none', [headOf({ 'Sec-WebSocket-Key': 'x' })], 400],
  ['no host', [headOf({ Host: undefined })], 101],
  ['two hosts', [headOf({ host: 'b' })], 101],
  ['an older protocol', [headOf({}, '/socket.io/?EIO=3&transport=websocket')], 101],
  ['a session that there is not', [headOf({}, `${PATH}&sid=x`)], 400],
  ['two transports', [headOf({}, `${PATH}&transport=polling`)], 101],
  ['another path', [headOf({}, '/elsewhere')], 404],
  ['letters that HTTP has none of', [headOf({ 'X-A': 'a\u0001b' })], 400],
  ['a line that goes on in the next', [headOf({ 'X-A': 'a\r\n b' })], 400],
  ['no HTTP', ['\u0000\u0001\u0002 \r\n\r\n'], 400],
])('%s goes on to those who know all of HTTP', async (_what, parts, status) => {
  await using stage = await startCarrier(both)
  const answer = await answerTo(stage.url, ...parts)
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  if (status === 101) expect(answer).toContain(LIBRARY)
})

test('[R7] a peer that is silent is asked, and ended when it does not answer; one that answers stays', async () => {
  using clock = new Clock()
  await using stage = await startCarrier(attach)
  const [answers, silent] = [await bareClient(stage), await bareClient(stage)]
  let pings = 0
  for (const { ws, say } of [
    { ws: answers.ws, say: () => answers.ws.send('3') },
    { ws: silent.ws, say: () => undefined },
  ]) {
    ws.on('message', (data: Buffer) => {
      if (data.toString() !== '2') return
      pings++
      say()
    })
  }
  clock.skippedMs += 25_000
  await until(() => pings === 2)
  answers.ws.ping()
  await once(answers.ws, 'pong')
  clock.skippedMs += 20_000
  await until(() => stage.gone === 1)
  expect([answers.socket.connected, silent.socket.connected]).toEqual([true, false])
  clock.skippedMs += 5_000
  await until(() => pings === 3)
  answers.ws.terminate()
  silent.ws.terminate()
})

test('[R7] those who say nothing at all are sent away, and so is a peer that does not end what was ended', async () => {
  using clock = new Clock()
  await using stage = await startCarrier(attach)
  const { port, hostname } = new URL(stage.url)
  const mute = connect(Number(port), hostname)
  const shaken = new WebSocket(`${stage.url.replace('http', 'ws')}${PATH}`)
  await once(shaken, 'open')
  const { socket, ws } = await bareClient(stage)
  ws.pause()
  socket.end()
  mute.resume().on('error', () => undefined)
  const all = Promise.all([once(mute, 'close'), once(shaken, 'close')])
  clock.skippedMs += 31_000
  await all
  ws.resume()
  await once(ws, 'close')
})

test('[R7] what is said at once goes out in one write', async () => {
  await using stage = await startCarrier(attach)
  const { marks, socket, ws } = await bareClient(stage)
  const chunks: number[] = []
  const { _socket: tcp } = ws as unknown as { _socket: NodeJS.EventEmitter }
  tcp.on('data', (bytes: Buffer) => chunks.push(bytes.length))
  for (let mark = 0; mark < 20; mark++) {
    if (mark % 2 === 0) socket.emit('signal', body(mark))
    else socket.write(framed(mark))
  }
  await until(() => marks.length === 20)
  expect(marks).toEqual(marksTo(20))
  expect(chunks).toHaveLength(1)
  ws.terminate()
})
