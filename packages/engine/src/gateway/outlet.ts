import type { Socket } from 'socket.io'
import * as ws from 'ws'

/** A packet for many sockets, framed once. */
export interface Outgoing {
  bytes: number
  /** For transports other than WebSocket. */
  text: string
  options: WriteOptions
}

interface WriteOptions {
  compress: false
  wsPreEncodedFrame: Buffer[]
}

/** What the library's client writes to; the same way that its own broadcasts go. */
interface EngineWriter {
  writeToEngine(packets: string[], options: WriteOptions): void
}

const decoder = new TextDecoder()

/** Frames a whole Socket.IO packet. `4` is a message of Engine.IO. */
export function frameOnce(packet: Uint8Array): Outgoing {
  const message = Buffer.allocUnsafe(packet.length + 1)
  message[0] = 0x34
  message.set(packet, 1)
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }
  // One buffer is one write to the socket; the sender would make two of a head and a body.
  const frame = Buffer.concat(frameOf(message, options))
  return { bytes: frame.length, text: decoder.decode(packet), options: { compress: false, wsPreEncodedFrame: [frame] } }
}

/** The part of `ws` that Socket.IO's own adapter uses for the same end; its types leave it out. */
const frameOf = (ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }).Sender.frame

/** One socket's way out: writes what is framed already, and knows how much still waits. */
export class Outlet {
  readonly #socket: Socket
  readonly #writer: EngineWriter
  /** Upper bound of what the library holds back since it was last seen empty. */
  #queuedBytes = 0

  constructor(socket: Socket) {
    this.#socket = socket
    this.#writer = socket.client as unknown as EngineWriter
  }

  write(packet: Outgoing): void {
    this.#writer.writeToEngine([packet.text], packet.options)
    this.#queuedBytes += packet.bytes
  }

  /** Bytes that went to the same socket by another way. */
  note(bytes: number): void {
    this.#queuedBytes += bytes
  }

  /** Bytes handed over and not yet taken by the machine's network; an upper bound. */
  waitingBytes(): number {
    const { conn } = this.#socket
    if (conn.transport.writable) return (this.#queuedBytes = 0)
    if ((conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length === 0) this.#queuedBytes = 0
    const wire = (conn.transport as unknown as { socket?: { bufferedAmount?: number } }).socket
    return this.#queuedBytes + (wire?.bufferedAmount ?? 0)
  }
}
