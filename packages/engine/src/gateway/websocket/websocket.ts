import { LIMITS } from '@plenary/kinds'
import { randomBytes } from 'node:crypto'
import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Carrier, Reception } from '../client-socket.ts'
import { DueList } from '../../runtime/due-list.ts'
import type { Due } from '../../runtime/due-list.ts'
import { MESSAGE_MAX_BYTES } from './frame-reader.ts'
import { frameText } from './frames.ts'
import { acceptOf, readHead } from './head.ts'
import type { Head } from './head.ts'
import { hold, letGo } from './held-socket.ts'
import type { Holder } from './held-socket.ts'
import { straightTo } from './straight.ts'
import type { Handle } from './straight.ts'
import { newTable, WebSocketClient } from './websocket-client.ts'
import type { Shared } from './websocket-client.ts'

/** As Engine.IO has them. */
const PING_EVERY_MS = 25_000
const PONG_MS = 20_000
/** From the opening to the end of the handshake. */
const HANDSHAKE_MS = 10_000
/** For the first byte of a connection, as the HTTP server gives a request. */
const FIRST_BYTE_MS = 30_000
/** For what still waits when its end has been said, and for the other side to end it too. */
const ENDING_MS = 30_000
const STOPPING_MS = 2_000
const STOPPING_LOOK_MS = 10
const LOOK_MS = 250
const ID_PREFIX_BYTES = 9
const ID_COUNT_CHARS = 8
const ID_CHARS = (ID_PREFIX_BYTES * 4) / 3 + ID_COUNT_CHARS

export interface WebSocketOptions {
  originAllowed(origin: string | undefined, host: string | undefined): boolean
  /** False keeps everything on the way through Node's streams. */
  straight?: boolean
}

/** A connection that has not said anything yet. */
class Newcomer implements Holder, Due {
  dueAtMs = 0
  before: Due | null = null
  after: Due | null = null
  list: DueList | null = null
  readonly #socket: Socket
  readonly #said: (socket: Socket, bytes: Buffer) => void

  constructor(socket: Socket, said: (socket: Socket, bytes: Buffer) => void) {
    this.#socket = socket
    this.#said = said
  }

  hear(bytes: Buffer): void {
    this.list?.take(this)
    this.#said(this.#socket, bytes)
  }

  gone(): void {
    this.list?.take(this)
  }

  due(): void {
    this.#socket.destroy()
  }
}

/**
 * Brings the clients that begin with a WebSocket, which is nearly all of them: the protocol of Socket.IO without the library, and
 * without the HTTP before it. Whatever begins in any other way goes on, as it came, to those who listened on this server before.
 */
export class WebSockets implements Carrier {
  readonly #server: HttpServer
  readonly #originAllowed: WebSocketOptions['originAllowed']
  readonly #straight: (socket: Socket) => Handle | null
  readonly #shared: Shared
  readonly #newcomers = new DueList(FIRST_BYTE_MS)
  readonly #others: ((socket: Socket) => void)[]
  readonly #timer: NodeJS.Timeout
  readonly #idPrefix = randomBytes(ID_PREFIX_BYTES).toString('base64url')
  #ids = 0

  constructor(server: HttpServer, reception: Reception, { originAllowed, straight = true }: WebSocketOptions) {
    this.#server = server
    this.#originAllowed = originAllowed
    this.#straight = straight ? straightTo : () => null
    this.#shared = {
      reception,
      lists: {
        strange: new DueList(HANDSHAKE_MS),
        calm: new DueList(PING_EVERY_MS),
        asked: new DueList(PONG_MS),
        ending: new DueList(ENDING_MS),
      },
      outbox: [],
      late: [],
      table: newTable(),
      strangers: 0,
      now: () => performance.now(),
    }
    this.#others = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', this.#came)
    const { strange, calm, asked, ending } = this.#shared.lists
    const lists = [this.#newcomers, strange, calm, asked, ending]
    this.#timer = setInterval(() => {
      const now = this.#shared.now()
      for (const list of lists) list.look(now)
    }, LOOK_MS)
  }

  /** Connections whose handshake has not passed. */
  get strangers(): number {
    return this.#shared.strangers
  }

  async close(): Promise<void> {
    this.#server.off('connection', this.#came)
    for (const other of this.#others) this.#server.on('connection', other)
    const { strange, calm, asked, ending } = this.#shared.lists
    for (const list of [calm, asked]) while (list.first !== null) (list.first as WebSocketClient).end()
    const until = this.#shared.now() + STOPPING_MS
    while (ending.first !== null && this.#shared.now() < until) await sleep(STOPPING_LOOK_MS)
    for (const list of [strange, ending]) while (list.first !== null) (list.first as WebSocketClient).cut()
    this.#newcomers.look(Infinity)
    clearInterval(this.#timer)
  }

  readonly #came = (socket: Socket): void => {
    const newcomer = new Newcomer(socket, this.#said)
    this.#newcomers.put(newcomer, this.#shared.now())
    hold(socket, newcomer)
  }

  readonly #said = (socket: Socket, bytes: Buffer): void => {
    const head = readHead(bytes)
    if (head !== null && this.#mayOpen(head)) this.#open(socket, head, bytes.subarray(head.end))
    else {
      letGo(socket)
      for (const other of this.#others) other.call(this.#server, socket)
      socket.unshift(bytes)
    }
  }

  #mayOpen({ origin, host }: Head): boolean {
    return this.strangers < LIMITS.connectionsHalfOpen && this.#originAllowed(origin, host)
  }

  #open(socket: Socket, head: Head, rest: Buffer): void {
    const id = `${this.#idPrefix}${(++this.#ids).toString(36).padStart(ID_COUNT_CHARS, '0')}`
    const client = new WebSocketClient(id, socket, this.#straight(socket), this.#shared)
    hold(socket, client)
    client.open(opening(head.key, id))
    if (rest.length > 0) client.hear(rest)
  }
}

const UPGRADED =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: '
const TERMS = JSON.stringify({
  upgrades: [],
  pingInterval: PING_EVERY_MS,
  pingTimeout: PONG_MS,
  maxPayload: MESSAGE_MAX_BYTES,
}).slice(1)

const opened = (sid: string) => `0{"sid":"${sid}",${TERMS}`
/** One is as long as the other, so that their frames have one head. */
const SAMPLE = opened('0'.repeat(ID_CHARS))
const OPENED_HEAD = frameText(SAMPLE).toString('latin1').slice(0, -SAMPLE.length)

/** The answer to the request and the first packet of Engine.IO, in one. */
const opening = (key: string, sid: string) => `${UPGRADED}${acceptOf(key)}\r\n\r\n${OPENED_HEAD}${opened(sid)}`
