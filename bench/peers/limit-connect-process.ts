import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { serverFrame } from '../load/frames.ts'
import { answerCalls } from '../process/calls.ts'
import { settledUsage, usage } from '../process/usage.ts'

/**
 * The least that a server written in Node can do to let somebody in over our protocol: two answers that were framed before, of
 * the size of ours, written to whoever says two things. Nothing is read, checked or remembered.
 */
const PRESENCE_NAMES = 100
const VIEW_CHARS = 500

const sample = Array.from({ length: PRESENCE_NAMES }, (_, by) => ({
  id: `user-${1_000 + by}`,
  name: `Person ${1_000 + by}`,
  role: 'attendee',
}))
const limits = { commandBytes: 65_536, commandsPerSecond: 20, roomsPerConnection: 64 }
const welcome = { node: 'node-1', now: Date.now(), limits, takes: ['seen', 'join'] }
const terms = { sid: 'x'.repeat(20), upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 }
const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
const answers = [
  Buffer.concat([Buffer.from(head), serverFrame(`0${JSON.stringify(terms)}`)]),
  Buffer.concat([
    serverFrame(`40${JSON.stringify({ sid: terms.sid })}`),
    serverFrame(`42${JSON.stringify(['welcome', welcome])}`),
    serverFrame(
      `42${JSON.stringify(['joined', { room: 'bench', answer: { ok: true, view: 'x'.repeat(VIEW_CHARS) } }])}`,
    ),
    serverFrame(`42${JSON.stringify(['presence', { room: 'bench', total: 1_000, sample }])}`),
  ]),
]

const server = createServer({ noDelay: true }, (socket) => {
  let said = 0
  socket.on('data', () => {
    const answer = answers[said++]
    if (answer !== undefined) socket.write(answer)
  })
  socket.on('error', () => undefined)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const calls = { port: () => (server.address() as AddressInfo).port, usage, settledUsage }

export type LimitConnectCalls = typeof calls
answerCalls(calls)
