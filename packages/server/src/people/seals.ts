import { hash, hkdfSync, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 32
/** Stands between a token and its seal; neither has one. */
const BETWEEN = '~'

/** The key of all seals of an installation, which whoever has its signing key can make, and nobody else. */
export function sealingKey(signingKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', signingKey, '', 'plenary: seals of tickets and passes', KEY_BYTES))
}

/** Of SHA-256. */
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** What an HMAC mixes into its key, for the inner hash and for the outer one: RFC 2104, 2. */
const INNER = 0x36
const OUTER = 0x5c
const SEAL_CHARS = Math.ceil((DIGEST_BYTES * 4) / 3)
/** Longer ones, which nobody is given, are hashed from a buffer of their own. */
const TEXT_BYTES = 4_096

/**
 * Those who gave out a token know it again by its seal, an HMAC-SHA-256 over all of it: that costs a fiftieth of checking its signature, and
 * ten thousand of them may come at once. It is made of two hashes, each one call, because `createHmac` makes a stream for each, which
 * takes several times as long as the hashing.
 */
export class Seals {
  readonly #inner: Buffer
  readonly #outer: Buffer
  readonly #given = Buffer.alloc(SEAL_CHARS)
  readonly #right = Buffer.alloc(SEAL_CHARS)

  /** A key of at most 64 bytes. */
  constructor(key: Uint8Array) {
    this.#inner = padded(key, INNER, TEXT_BYTES)
    this.#outer = padded(key, OUTER, DIGEST_BYTES)
  }

  /** `form` keeps seals of one kind of token from being good for another. */
  seal(form: string, token: string): string {
    return `${token}${BETWEEN}${this.#sealOf(form, token)}`
  }

  /** The token under a seal that fits; null under one that does not; undefined when there is none. */
  open(form: string, sealed: string): string | null | undefined {
    const at = sealed.indexOf(BETWEEN)
    if (at < 0) return undefined
    const seal = sealed.slice(at + BETWEEN.length)
    // In bytes: then each of as many characters is one.
    if (seal.length !== SEAL_CHARS || Buffer.byteLength(seal) !== SEAL_CHARS) return null
    const token = sealed.slice(0, at)
    this.#given.write(seal, 'latin1')
    this.#right.write(this.#sealOf(form, token), 'latin1')
    return timingSafeEqual(this.#given, this.#right) ? token : null
  }

  #sealOf(form: string, token: string): string {
    const text = `${form} ${token}`
    const bytes = Buffer.byteLength(text)
    const input =
      bytes <= TEXT_BYTES ? this.#inner : Buffer.concat([this.#inner.subarray(0, BLOCK_BYTES)], BLOCK_BYTES + bytes)
    input.write(text, BLOCK_BYTES)
    this.#outer.write(hash('sha256', input.subarray(0, BLOCK_BYTES + bytes), 'latin1'), BLOCK_BYTES, 'latin1')
    return hash('sha256', this.#outer, 'base64url')
  }
}

/** A block of the key, each byte mixed with the same one, and room behind it. */
function padded(key: Uint8Array, mixed: number, room: number): Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError(`A key of ${key.length} bytes would have to be hashed first.`)
  const block = Buffer.alloc(BLOCK_BYTES + room)
  block.set(key)
  for (let at = 0; at < BLOCK_BYTES; at++) block[at] = (block[at] ?? 0) ^ mixed
  return block
}
