/** The file of an image, as far as a document needs to know it. */
export interface ImageFile {
  bytes: Uint8Array
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  width: number
  height: number
}

/** What an image is, read off its own first bytes and not off its name; null for what is none of the four. */
export function imageFile(bytes: Uint8Array): ImageFile | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = (at: number, ...wanted: number[]) => wanted.every((byte, index) => bytes[at + index] === byte)
  const word = (at: number, text: string) => starts(at, ...Array.from(text, (char) => char.charCodeAt(0)))
  if (starts(0, 0x89, 0x50, 0x4e, 0x47) && bytes.length >= 24)
    return { bytes, type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  if (word(0, 'GIF8') && bytes.length >= 10)
    return { bytes, type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (starts(0, 0xff, 0xd8, 0xff)) {
    const size = jpegSize(view)
    return size === null ? null : { bytes, type: 'image/jpeg', ...size }
  }
  if (word(0, 'RIFF') && word(8, 'WEBP') && bytes.length >= 30)
    return { bytes, type: 'image/webp', ...webpSize(view, word) }
  return null
}

/** Looks for the frame that holds the size, over all that stands before it. */
function jpegSize(view: DataView): { width: number; height: number } | null {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

function webpSize(view: DataView, word: (at: number, text: string) => boolean): { width: number; height: number } {
  if (word(12, 'VP8X'))
    return {
      width: 1 + (view.getUint16(24, true) | (view.getUint8(26) << 16)),
      height: 1 + (view.getUint16(27, true) | (view.getUint8(29) << 16)),
    }
  if (word(12, 'VP8L')) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

const CHUNK_BYTES = 0x8000

export function dataUrl({ bytes, type }: ImageFile): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES))
  return `data:${type};base64,${btoa(binary)}`
}

/** The bytes of a data address; null for any other. */
export function bytesOfDataUrl(src: string): Uint8Array | null {
  const base64 = /^data:image\/[a-z]+;base64,(.*)$/i.exec(src)?.[1]
  return base64 === undefined ? null : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}
