import type { Buffer as Bytes } from 'node:buffer'

const FIN_TEXT = 0x81
const MASKED = 0x80

/** A text message as a client frames it. Its mask is zero, which leaves the bytes as they are. */
export function clientFrame(text: string): Bytes {
  const length = Buffer.byteLength(text)
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const frame = Buffer.alloc(head + length)
  frame[0] = FIN_TEXT
  if (head === 6) frame[1] = MASKED | length
  else if (head === 8) {
    frame[1] = MASKED | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = MASKED | 127
    frame.writeUInt32BE(length, 6)
  }
  frame.write(text, head)
  return frame
}

/** A text message as a server frames it. */
export function serverFrame(text: string): Bytes {
  const framed = clientFrame(text)
  const head = framed.length - Buffer.byteLength(text)
  // The same without the four bytes of a mask.
  const frame = Buffer.concat([framed.subarray(0, head - 4), framed.subarray(head)])
  frame[1] = (frame[1] ?? 0) & ~MASKED
  return frame
}
