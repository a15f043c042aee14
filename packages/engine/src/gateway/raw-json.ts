import * as parser from 'socket.io-parser'

/** An acknowledgement that is JSON text already, so that views and batches are not parsed to be written again. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
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

/** Socket.IO's own parser, but for acknowledgements that are text already. */
export const rawParser = { ...parser, Encoder: RawEncoder }
