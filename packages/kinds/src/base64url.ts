/** Bytes as text in JSON: base64 with the alphabet for URLs, without padding (RFC 4648 §5). */

interface Native {
  toBase64(options: { alphabet: 'base64url'; omitPadding: true }): string
}
interface NativeConstructor {
  fromBase64(text: string, options: { alphabet: 'base64url' }): Uint8Array
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Its place of each character, by code; 255 for all others. */
const PLACES = new Uint8Array(256).fill(255)
for (let place = 0; place < ALPHABET.length; place++) PLACES[ALPHABET.charCodeAt(place)] = place
const CHUNK_CHARS = 8_192

export function toBase64Url(bytes: Uint8Array): string {
  if ('toBase64' in bytes) return (bytes as unknown as Native).toBase64({ alphabet: 'base64url', omitPadding: true })
  return encodeSlowly(bytes)
}

/** Null for whatever is no base64url. */
export function fromBase64Url(text: string): Uint8Array | null {
  if ('fromBase64' in Uint8Array) {
    try {
      const bytes = (Uint8Array as unknown as NativeConstructor).fromBase64(text, { alphabet: 'base64url' })
      return text.length === charsOf(bytes.length) ? bytes : null
    } catch {
      // The platform says with a SyntaxError what is said here with null.
      return null
    }
  }
  return decodeSlowly(text)
}

function charsOf(bytes: number): number {
  return Math.ceil((bytes * 4) / 3)
}

/** For browsers that cannot do it themselves yet. */
export function encodeSlowly(bytes: Uint8Array): string {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3)
    const bits = (one << 16) | (two << 8) | three
    const chars = Math.min(bytes.length - at, 3) + 1
    for (let index = 0; index < chars; index++) part += ALPHABET.charAt((bits >> (18 - 6 * index)) & 63)
    if (part.length < CHUNK_CHARS) continue
    parts.push(part)
    part = ''
  }
  return parts.join('') + part
}

/** For browsers that cannot do it themselves yet. */
export function decodeSlowly(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let held = 0
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const place = code < 256 ? (PLACES[code] ?? 255) : 255
    if (place === 255) return null
    bits = ((bits << 6) | place) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[at++] = (bits >> held) & 255
  }
  return bytes
}
