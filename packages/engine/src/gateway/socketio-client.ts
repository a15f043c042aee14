import type { ClientEvents, ServerEvents } from '@plenary/kinds'
import { Socket as TcpSocket } from 'node:net'
import type { Socket } from 'socket.io'
import * as ws from 'ws'
import type { ClientSocket } from './client-socket.ts'
import { frameOnce } from './outgoing.ts'
import type { Outgoing, WriteOptions } from './outgoing.ts'

/** A connection as the library has it, with who it is once the handshake passed. */
export type LibrarySocket = Socket<ClientEvents, ServerEvents>

/** What the library's client writes to; the same way that its own broadcasts go. */
interface EngineWriter {
  writeToEngine(packets: string[], options: WriteOptions): void
}

/** What is looked at of the library's connection. Its types leave out what it keeps to itself. */
interface EngineConnection {
  readonly readyState: string
  readonly transport: object
  /** Packets that wait until the transport can take them. */
  readonly writeBuffer: readonly unknown[]
}

/** What writes frames to the TCP socket; the types of `ws` leave it out. */
const { Sender } = ws as unknown as { Sender: new () => object }
const { OPEN } = ws.WebSocket
const encoder = new TextEncoder()

/** A WebSocket and the TCP socket under it. */
interface Wire {
  readonly webSocket: ws.WebSocket
  readonly tcp: TcpSocket
}

/**
 * One client over Socket.IO. What is framed already goes straight to the TCP socket wherever that cannot be told from the
 * library's own way to it, which costs as much as all the rest of a delivery; how much still waits is known.
 */
export class SocketIoClient implements ClientSocket {
  readonly #socket: LibrarySocket
  readonly #conn: EngineConnection
  #transport: object | null = null
  #webSocket: ws.WebSocket | null = null
  #tcp: TcpSocket | null = null
  /** Upper bound of what the library holds back since it was last seen empty. */
  #queuedBytes = 0

  constructor(socket: LibrarySocket) {
    this.#socket = socket
    this.#conn = socket.conn as unknown as EngineConnection
    letGoOfBeginning(socket)
  }

  get id(): string {
    return this.#socket.id
  }

  get connected(): boolean {
    return this.#socket.connected
  }

  emit<Event extends keyof ServerEvents>(event: Event, ...body: Parameters<ServerEvents[Event]>): void {
    this.#socket.emit(event, ...body)
  }

  tell(event: keyof ServerEvents, body: string): void {
    this.write(frameOnce(encoder.encode(`2["${event}",${body}]`)))
  }

  write(packet: Outgoing): void {
    const tcp = this.#open()
    if (tcp !== null) {
      tcp.write(packet.frame)
      return
    }
    const writer = this.#socket.client as unknown as EngineWriter
    writer.writeToEngine([packet.text], packet.options)
    this.#queuedBytes += packet.bytes
  }

  note({ bytes }: { readonly bytes: number }): void {
    this.#queuedBytes += bytes
  }

  waitingBytes(): number {
    const tcp = this.#open()
    if (tcp !== null) {
      this.#queuedBytes = 0
      return tcp.writableLength
    }
    const { transport, writeBuffer } = this.#socket.conn as unknown as EngineConnection & {
      transport: { writable: boolean; socket?: { bufferedAmount?: number } }
    }
    if (transport.writable || writeBuffer.length === 0) this.#queuedBytes = 0
    return this.#queuedBytes + (transport.socket?.bufferedAmount ?? 0)
  }

  end(): void {
    this.#socket.disconnect(true)
  }

  cut(): void {
    this.#socket.conn.close(true)
  }

  /**
   * The TCP socket, if all that the library was given is in it already and more may follow: then the next whole frame in it is
   * the next one in order (R2). Null while the library holds anything back, before an upgrade, over polling, and once either
   * side has begun to close.
   */
  #open(): TcpSocket | null {
    const conn = this.#conn
    if (conn.transport !== this.#transport) this.#look(conn.transport)
    const webSocket = this.#webSocket
    if (webSocket === null || webSocket.readyState !== OPEN) return null
    return conn.readyState === 'open' && conn.writeBuffer.length === 0 ? this.#tcp : null
  }

  #look(transport: object): void {
    this.#transport = transport
    const wire = Array.isArray(this.#conn.writeBuffer) ? wireOf(transport) : null
    this.#webSocket = wire?.webSocket ?? null
    this.#tcp = wire?.tcp ?? null
  }
}

/**
 * Who it is, is known by now: the request that it began with, and what the library made of it, would else be kept as long as the
 * connection, with all headers and the ticket. Its documentation says how, for the request.
 */
function letGoOfBeginning(socket: LibrarySocket): void {
  Object.assign(socket.conn, { request: null })
  Object.assign(socket, { handshake: null })
}

/**
 * What lies under a transport of the library; null when it is no WebSocket, or anything about it is not as is known of it. In what
 * is known nothing is kept between the transport and the TCP socket: no compression, and a sender without a queue.
 */
function wireOf(transport: object): Wire | null {
  const { name, socket: webSocket } = transport as { name?: unknown; socket?: unknown }
  if (name !== 'websocket' || !(webSocket instanceof ws.WebSocket) || webSocket.extensions !== '') return null
  const tcp: unknown = Reflect.get(webSocket, '_socket')
  const sender: unknown = Reflect.get(webSocket, '_sender')
  const direct = sender instanceof Sender && Reflect.get(sender, '_socket') === tcp
  return direct && tcp instanceof TcpSocket ? { webSocket, tcp } : null
}
