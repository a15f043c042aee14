/** Opcodes of RFC 6455. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Codes that a connection is closed with. */
export const CLOSE = { protocolError: 1002, noText: 1007, tooMany: 1008, tooBig: 1009 } as const

const FIN = 0x80

/** Room for a whole frame with this opcode, its head filled in, and where the payload goes. */
function frameFor(opcode: number, length: number): { frame: Buffer; start: number } {
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = FIN | opcode
  if (start === 2) frame[1] = length
  else if (start === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(length, 6)
  }
  return { frame, start }
}

/** A text message as a server frames it: whole and unmasked. */
export function frameText(text: string): Buffer {
  const { frame, start } = frameFor(OPCODE.text, Buffer.byteLength(text))
  frame.write(text, start)
  return frame
}

/** So much room is enough for a text message that is written by {@link writeText}. */
export const textBytesMax = (text: string): number => 4 + text.length * 3

/**
 * The same into bytes that are there, where it ends. For text of less than 64 KiB: its letters are not counted before, which takes as long as
 * to write them.
 */
export function writeText(into: Buffer, at: number, text: string): number {
  const head = text.length < 126 ? 2 : 4
  const length = into.write(text, at + head)
  into[at] = FIN | OPCODE.text
  if (head === 4) into.writeUInt16BE(length, at + 2)
  else if (length < 126) {
    into[at + 1] = length
    return at + 2 + length
  } else {
    // It has more bytes than letters.
    into.copyWithin(at + 4, at + 2, at + 2 + length)
    into.writeUInt16BE(length, at + 2)
  }
  into[at + 1] = 126
  return at + 4 + length
}

/** The same of a packet in pieces, behind the letter of Engine.IO for a message. */
export function frameMessage(...pieces: readonly Uint8Array[]): { frame: Buffer; packetAt: number } {
  let length = 1
  for (const piece of pieces) length += piece.length
  const { frame, start } = frameFor(OPCODE.text, length)
  frame[start] = 0x34
  let at = start + 1
  for (const piece of pieces) {
    frame.set(piece, at)
    at += piece.length
  }
  return { frame, packetAt: start + 1 }
}

export function framePong(payload: Uint8Array): Buffer {
  const { frame, start } = frameFor(OPCODE.pong, payload.length)
  frame.set(payload, start)
  return frame
}

export function frameClose(code: number | null): Buffer {
  const { frame, start } = frameFor(OPCODE.close, code === null ? 0 : 2)
  if (code !== null) frame.writeUInt16BE(code, start)
  return frame
}
