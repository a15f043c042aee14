import type { Buffer as Bytes } from 'node:buffer'

/** So much of a message is looked at; what follows is only counted, which is what makes a large one cheap. */
const LOOKED_AT_BYTES = 256
const OP_TEXT = 1
const OP_CLOSE = 8

export interface FrameListener {
  /** A text message: its first bytes, all of it when it is short. They may be reused after the call. */
  text(bytes: Bytes, from: number, to: number): void
  /** The server ends it. */
  closing(): void
}

/** Reads frames as servers send them: whole and unmasked. Keeps no more than the beginning of one. */
export class FrameReader {
  readonly #listener: FrameListener
  /** The beginning of a frame of which more is to come. */
  #begun: Bytes | null = null
  /** Bytes of the frame just told that are still to come. */
  #skip = 0

  constructor(listener: FrameListener) {
    this.#listener = listener
  }

  read(chunk: Bytes, start: number, end: number): void {
    let bytes = chunk
    let at = start
    let to = end
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, to - at)
      this.#skip -= skipped
      at += skipped
    }
    if (this.#begun !== null && at < to) {
      bytes = Buffer.concat([this.#begun, chunk.subarray(at, to)])
      this.#begun = null
      at = 0
      to = bytes.length
    }
    while (at < to) {
      const next = this.#frame(bytes, at, to)
      if (next === at) {
        this.#begun = Buffer.from(bytes.subarray(at, to))
        return
      }
      at = next
    }
  }

  /** Where the next frame begins; the same place when too little of this one is there. */
  #frame(bytes: Bytes, at: number, to: number): number {
    if (to - at < 2) return at
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (to - at < head) return at
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
    const from = at + head
    const there = Math.min(to, from + length)
    if (there - from < Math.min(length, LOOKED_AT_BYTES)) return at
    this.#skip = length - (there - from)
    const opcode = (bytes[at] ?? 0) & 0x0f
    if (opcode === OP_TEXT) this.#listener.text(bytes, from, there)
    else if (opcode === OP_CLOSE) this.#listener.closing()
    return there
  }
}
