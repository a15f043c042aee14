/** Opcodes of RFC 6455. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A frame as no library would make it; what is not given is as it should be. */
export interface FrameParts {
  opcode?: number
  payload?: Buffer | string
  fin?: boolean
  /** The three reserved bits, as 0b100, 0b010, 0b001. */
  reserved?: number
  masked?: boolean
  /** The length that the head claims, whatever the payload has. */
  claims?: number | bigint
}

const MASK = Buffer.from([0x11, 0x22, 0x33, 0x44])

/** One WebSocket frame of a client. */
export function frame({ opcode = OPCODE.text, payload = '', fin = true, ...rest }: FrameParts = {}): Buffer {
  const { reserved = 0, masked = true } = rest
  const body = Buffer.from(payload)
  const claims = rest.claims ?? body.length
  const short = claims < 126 ? Number(claims) : claims < 65_536 ? 126 : 127
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const head = Buffer.alloc(2 + extra + (masked ? 4 : 0))
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | short
  if (extra === 2) head.writeUInt16BE(Number(claims), 2)
  if (extra === 8) head.writeBigUInt64BE(BigInt(claims), 2)
  if (!masked) return Buffer.concat([head, body])
  MASK.copy(head, 2 + extra)
  for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (MASK[at & 3] ?? 0)
  return Buffer.concat([head, body])
}
