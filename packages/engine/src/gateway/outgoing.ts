import { frameMessage } from './websocket/frames.ts'

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

/** Frames a whole Socket.IO packet. */
export function frameOnce(packet: Uint8Array): Outgoing {
  return new Outgoing(packet, frameMessage(packet))
}
