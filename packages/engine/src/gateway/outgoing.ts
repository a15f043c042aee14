import * as ws from 'ws'

/** A packet for many sockets, framed once. */
export class Outgoing {
  /** A whole WebSocket message. One buffer is one write to a socket; a head and a body would be two. */
  readonly frame: Buffer
  readonly #packet: Uint8Array
  #text: string | null = null
  #options: WriteOptions | null = null

  constructor(packet: Uint8Array, frame: Buffer) {
    this.#packet = packet
    this.frame = frame
  }

  get bytes(): number {
    return this.frame.length
  }

  /** For transports other than WebSocket. */
  get text(): string {
    return (this.#text ??= decoder.decode(this.#packet))
  }

  /** For the library, so that it does not frame it again. */
  get options(): WriteOptions {
    return (this.#options ??= { compress: false, wsPreEncodedFrame: [this.frame] })
  }
}

export interface WriteOptions {
  compress: false
  wsPreEncodedFrame: Buffer[]
}

const decoder = new TextDecoder()

/** Frames a whole Socket.IO packet. `4` is a message of Engine.IO. */
export function frameOnce(packet: Uint8Array): Outgoing {
  const message = Buffer.allocUnsafe(packet.length + 1)
  message[0] = 0x34
  message.set(packet, 1)
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }
  return new Outgoing(packet, Buffer.concat(frameOf(message, options)))
}

/** The part of `ws` that Socket.IO's own adapter uses for the same end; its types leave it out. */
const frameOf = (ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }).Sender.frame
