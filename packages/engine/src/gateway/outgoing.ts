import * as ws from 'ws'

/** A packet for many sockets, framed once. */
export interface Outgoing {
  bytes: number
  /** For transports other than WebSocket. */
  text: string
  options: WriteOptions
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
  // One buffer is one write to the socket; the sender would make two of a head and a body.
  const frame = Buffer.concat(frameOf(message, options))
  return { bytes: frame.length, text: decoder.decode(packet), options: { compress: false, wsPreEncodedFrame: [frame] } }
}

/** The part of `ws` that Socket.IO's own adapter uses for the same end; its types leave it out. */
const frameOf = (ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }).Sender.frame
