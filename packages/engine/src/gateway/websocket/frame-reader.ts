import { isUtf8 } from 'node:buffer'
import { CLOSE, OPCODE } from './frames.ts'

/** No message is larger, in one piece or in many. */
export const MESSAGE_MAX_BYTES = 1_200_000
/** No message comes in more pieces. */
const PIECES_MAX = 16_384
const CONTROL_MAX_BYTES = 125
const FIN = 0x80
const RESERVED = 0x70
const MASKED = 0x80
const MASK_BYTES = 4
const LONG_HEAD = 127
const MIDDLE_HEAD = 126
const KEPT_BYTES_MIN = 512
/** Of the first four of eight bytes of a length: above it there are no exact numbers. */
const HIGH_MAX = 0x1f_ffff

export interface FrameListener {
  /** Whether it still wants to be told. */
  readonly listening: boolean
  text(text: string): void
  binary(): void
  /** The payload may be reused after the call. */
  ping(payload: Buffer): void
  /** The code that the peer gave; null without one. */
  closing(code: number | null): void
  /** What came is no WebSocket any more: the code to close with. */
  violated(code: number): void
}

/** Reads what a client sends, by RFC 6455, without extensions. Between two reads it keeps nothing but what is unfinished. */
export class FrameReader {
  readonly #listener: FrameListener
  /** The beginning of a frame of which more is to come, and how much of the buffer that is. */
  #begun: Buffer | null = null
  #begunLength = 0
  /** The pieces of a message so far. */
  #pieces: Pieces | null = null

  constructor(listener: FrameListener) {
    this.#listener = listener
  }

  /** The chunk is changed, and may be reused after the call. */
  read(chunk: Buffer): void {
    let bytes = chunk
    let to = chunk.length
    if (this.#begun !== null) {
      to += this.#begunLength
      bytes = this.#append(this.#begun, chunk)
    }
    let at = 0
    while (at < to && this.#listener.listening) {
      const next = this.#frame(bytes, at, to)
      if (next === at) break
      at = next
    }
    if (at === to || !this.#listener.listening) this.#begun = null
    else this.#keep(bytes, at, to)
  }

  #append(begun: Buffer, chunk: Buffer): Buffer {
    const length = this.#begunLength + chunk.length
    let room = begun
    if (length > begun.length) {
      // At least doubled, so that one who sends byte by byte makes no work that grows with the square.
      room = Buffer.allocUnsafeSlow(Math.max(length, begun.length * 2, KEPT_BYTES_MIN))
      begun.copy(room, 0, 0, this.#begunLength)
    }
    chunk.copy(room, this.#begunLength)
    return room
  }

  #keep(bytes: Buffer, at: number, to: number): void {
    if (at === 0 && this.#begun !== null) this.#begun = bytes
    else {
      this.#begun = Buffer.allocUnsafeSlow(to - at)
      bytes.copy(this.#begun, 0, at, to)
    }
    this.#begunLength = to - at
  }

  /** Where the next frame begins; the same place when too little of this one is there, or it was wrong. */
  #frame(bytes: Buffer, at: number, to: number): number {
    if (to - at < 2) return at
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    const opcode = first & 0x0f
    const short = second & 0x7f
    if ((first & RESERVED) !== 0 || (second & MASKED) === 0 || !this.#mayCome(opcode, first, short)) {
      return this.#wrong(at, CLOSE.protocolError)
    }
    let length = short
    let from = at + 2
    if (short === MIDDLE_HEAD) {
      if (to - at < 4) return at
      length = bytes.readUInt16BE(from)
      from += 2
    } else if (short === LONG_HEAD) {
      if (to - at < 10) return at
      const high = bytes.readUInt32BE(from)
      length = high > HIGH_MAX ? Infinity : high * 2 ** 32 + bytes.readUInt32BE(from + 4)
      from += 8
    }
    if (opcode < OPCODE.close && length + (this.#pieces?.bytes ?? 0) > MESSAGE_MAX_BYTES) {
      return this.#wrong(at, CLOSE.tooBig)
    }
    const start = from + MASK_BYTES
    const end = start + length
    if (end > to) return at
    const seen = unmask(bytes, start, end)
    if (opcode >= OPCODE.close) this.#control(opcode, bytes, start, end)
    else if (opcode === OPCODE.continuation || (first & FIN) === 0) {
      this.#piece(opcode, (first & FIN) !== 0, bytes.subarray(start, end), seen)
    } else if (opcode === OPCODE.binary) this.#listener.binary()
    else this.#text(bytes, start, end, seen)
    return end
  }

  #mayCome(opcode: number, first: number, short: number): boolean {
    switch (opcode) {
      case OPCODE.close:
      case OPCODE.ping:
      case OPCODE.pong:
        return (first & FIN) !== 0 && short <= CONTROL_MAX_BYTES
      case OPCODE.continuation:
        return this.#pieces !== null
      case OPCODE.text:
      case OPCODE.binary:
        return this.#pieces === null
      default:
        return false
    }
  }

  #wrong(at: number, code: number): number {
    this.#pieces = null
    this.#listener.violated(code)
    return at
  }

  #control(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.ping) this.#listener.ping(bytes.subarray(start, end))
    if (opcode !== OPCODE.close) return
    if (end === start) this.#listener.closing(null)
    else if (end - start === 1) this.#wrong(start, CLOSE.protocolError)
    else {
      const code = bytes.readUInt16BE(start)
      if (!isCloseCode(code)) this.#wrong(start, CLOSE.protocolError)
      else if (!isUtf8(bytes.subarray(start + 2, end))) this.#wrong(start, CLOSE.noText)
      else this.#listener.closing(code)
    }
  }

  #piece(opcode: number, last: boolean, piece: Buffer, seen: number): void {
    const pieces = (this.#pieces ??= { text: opcode === OPCODE.text, parts: [], bytes: 0, seen: 0 })
    if (pieces.parts.length >= PIECES_MAX) {
      this.#wrong(0, CLOSE.tooMany)
      return
    }
    pieces.parts.push(Buffer.from(piece))
    pieces.bytes += piece.length
    pieces.seen |= seen
    if (!last) return
    this.#pieces = null
    const whole = Buffer.concat(pieces.parts, pieces.bytes)
    if (pieces.text) this.#text(whole, 0, whole.length, pieces.seen)
    else this.#listener.binary()
  }

  #text(bytes: Buffer, start: number, end: number, seen: number): void {
    // Nearly all that is said is ASCII.
    if (seen < 0x80) this.#listener.text(bytes.toString('latin1', start, end))
    else if (isUtf8(bytes.subarray(start, end))) this.#listener.text(bytes.toString('utf8', start, end))
    else this.#wrong(start, CLOSE.noText)
  }
}

interface Pieces {
  readonly text: boolean
  readonly parts: Buffer[]
  bytes: number
  /** All bits of all bytes. */
  seen: number
}

/** In place; the mask stands before it. All bits that were in any byte. */
function unmask(bytes: Buffer, start: number, end: number): number {
  let seen = 0
  for (let at = start; at < end; at++) {
    const byte = (bytes[at] ?? 0) ^ (bytes[start - MASK_BYTES + ((at - start) & 3)] ?? 0)
    bytes[at] = byte
    seen |= byte
  }
  return seen
}

/** RFC 6455, 7.4, and those registered since. */
function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999)
}
