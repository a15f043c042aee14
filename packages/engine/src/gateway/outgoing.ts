import { frameMessage } from './websocket/frames.ts'

/** A packet for many sockets, framed once. */
export class Outgoing {
  /** A whole WebSocket message. One buffer is one write to a socket; a head and a body would be two. */
  readonly frame: Buffer
  readonly #packetAt: number
  #text: string | null = null
  #options: WriteOptions | null = null

  /** The packet is what follows from there. */
  constructor(frame: Buffer, packetAt: number) {
    this.frame = frame
    this.#packetAt = packetAt
  }

  get bytes(): number {
    return this.frame.length
  }

  /** For transports other than WebSocket. */
  get text(): string {
    return (this.#text ??= decoder.decode(this.frame.subarray(this.#packetAt)))
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

/** Frames a whole Socket.IO packet, in one piece or in some. */
export function frameOnce(...pieces: readonly Uint8Array[]): Outgoing {
  const { frame, packetAt } = frameMessage(...pieces)
  return new Outgoing(frame, packetAt)
}
