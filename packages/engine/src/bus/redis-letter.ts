import type { Failure } from '@plenary/kinds'
import type { BusMessage } from './bus.ts'

/** What nodes say to each other over Redis. `from` and `node` are ids of buses, `ask` numbers a question of one of them. */
export type Letter =
  | { is: 'message'; from: string; header: unknown }
  /** To all who may answer for a topic: who does? */
  | { is: 'who'; from: string; topic: string }
  | { is: 'here'; node: string; topic: string; answers: boolean }
  /** To one node alone. */
  | { is: 'question'; from: string; topic: string; ask: number; header: unknown }
  | { is: 'answer'; ask: number; header: unknown }
  | { is: 'refusal'; ask: number; failure: Failure }
  /** The question was not taken: this node does not answer for the topic any more. */
  | { is: 'gone'; ask: number }

/** As it came: the payload is not copied, and lies in memory with whatever else came at that moment. */
export interface Opened {
  letter: Letter
  payload?: Uint8Array
}

const LENGTH_BYTES = 4
/** In the top bit of the length: a payload follows, be it of no bytes. */
const WITH_PAYLOAD = 0x8000_0000

/** The length of the letter in four bytes, the letter as JSON, and the payload's bytes as they are. */
export function encodeLetter(letter: Letter, payload?: Uint8Array): Buffer {
  const text = JSON.stringify(letter)
  const length = Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length + (payload?.length ?? 0))
  bytes.writeUInt32BE((length | (payload === undefined ? 0 : WITH_PAYLOAD)) >>> 0)
  bytes.write(text, LENGTH_BYTES)
  if (payload !== undefined) bytes.set(payload, LENGTH_BYTES + length)
  return bytes
}

/** Throws when it is not a letter. */
export function decodeLetter(bytes: Buffer): Opened {
  const first = bytes.readUInt32BE()
  const end = LENGTH_BYTES + (first & ~WITH_PAYLOAD)
  if (end > bytes.length) throw new RangeError('A letter is cut off.')
  const letter = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Letter | null
  if (typeof letter?.is !== 'string') throw new TypeError('A letter does not say what it is.')
  return first >= WITH_PAYLOAD ? { letter, payload: bytes.subarray(end) } : { letter }
}

/**
 * What a handler gets. The payload is copied: a gateway may keep it for long, and it would keep alive all that came in the same
 * read from the socket, of which its own counting of bytes knows nothing.
 */
export function messageOf(header: unknown, payload: Uint8Array | undefined): BusMessage {
  return payload === undefined ? { header } : { header, payload: Uint8Array.from(payload) }
}
