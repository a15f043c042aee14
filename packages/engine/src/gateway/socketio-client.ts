import type { ClientEvents, ServerEvents } from '@plenary/kinds'
import type { Socket } from 'socket.io'
import type { ClientSocket } from './client-socket.ts'
import type { Outgoing, WriteOptions } from './outgoing.ts'

/** A connection as the library has it, with who it is once the handshake passed. */
export type LibrarySocket = Socket<ClientEvents, ServerEvents>

/** What the library's client writes to; the same way that its own broadcasts go. */
interface EngineWriter {
  writeToEngine(packets: string[], options: WriteOptions): void
}

/** One client over Socket.IO: what is framed already passes the library by, and how much still waits is known. */
export class SocketIoClient implements ClientSocket {
  readonly #socket: LibrarySocket
  readonly #writer: EngineWriter
  /** Upper bound of what the library holds back since it was last seen empty. */
  #queuedBytes = 0

  constructor(socket: LibrarySocket) {
    this.#socket = socket
    this.#writer = socket.client as unknown as EngineWriter
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

  write(packet: Outgoing): void {
    this.#writer.writeToEngine([packet.text], packet.options)
    this.#queuedBytes += packet.bytes
  }

  note(bytes: number): void {
    this.#queuedBytes += bytes
  }

  waitingBytes(): number {
    const { conn } = this.#socket
    if (conn.transport.writable) return (this.#queuedBytes = 0)
    if ((conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length === 0) this.#queuedBytes = 0
    const wire = (conn.transport as unknown as { socket?: { bufferedAmount?: number } }).socket
    return this.#queuedBytes + (wire?.bufferedAmount ?? 0)
  }

  end(): void {
    this.#socket.disconnect(true)
  }

  cut(): void {
    this.#socket.conn.close(true)
  }
}
