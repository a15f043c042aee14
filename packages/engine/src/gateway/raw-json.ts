import * as parser from 'socket.io-parser'

/** An acknowledgement that is JSON text already, so that views and batches are not parsed to be written again. */
export class RawJson {
  readonly text: string
  #bytes = -1

  constructor(text: string) {
    this.text = text
  }

  /** Counted when it is first asked for. */
  get bytes(): number {
    if (this.#bytes < 0) this.#bytes = Buffer.byteLength(this.text)
    return this.#bytes
  }
}

class RawEncoder extends parser.Encoder {
  override encode(packet: parser.Packet): (string | Buffer)[] {
    const data: unknown = packet.data
    const first: unknown = Array.isArray(data) ? data[0] : undefined
    if (packet.type === parser.PacketType.ACK && first instanceof RawJson && packet.nsp === '/') {
      return [`${packet.type}${packet.id}[${first.text}]`]
    }
    return super.encode(packet) as (string | Buffer)[]
  }
}

/** Takes what the protocol knows: text, and the one namespace. All else is a parse error, which ends the connection. */
class StrictDecoder extends parser.Decoder {
  constructor() {
    super({ maxAttachments: 0 })
  }

  override add(packet: unknown): void {
    if (typeof packet === 'string' && packet.startsWith('/', 1) && !packet.startsWith('/,', 1)) {
      throw new Error('There is no such namespace.')
    }
    super.add(packet)
  }
}

/** Socket.IO's own parser, but for acknowledgements that are text already, and without what is not spoken here. */
export const rawParser = { ...parser, Encoder: RawEncoder, Decoder: StrictDecoder }
