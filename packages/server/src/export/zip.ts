import { crc32, deflateRawSync } from 'node:zlib'

/** One file of an archive: its text in pieces. */
export interface ZipFile {
  name: string
  /** Pieces of UTF-8 text; at most a few MiB each. */
  pieces: AsyncIterable<string>
}

const UTF8_AND_SIZES_LATER = 0x0808
const DEFLATE = 8
const VERSION = 20
/** 1980-01-01, which is where a ZIP's time begins: an export of the same things is the same bytes. */
const NO_DATE = 0x0021

interface Listed {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/**
 * A ZIP archive as it is made, in the form of PKWARE's APPNOTE 6.3.10: each file's sizes follow it, so that nothing is held back. Pieces are
 * compressed one by one and joined; for archives and files below 4 GiB, and throws past that.
 */
export async function* zip(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const listed: Listed[] = []
  let offset = 0
  for await (const { name, pieces } of files) {
    const entry: Listed = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset }
    const head = Buffer.concat([
      numbers(4, [0x04034b50], 2, [VERSION, UTF8_AND_SIZES_LATER, DEFLATE, 0, NO_DATE], 4, [0, 0, 0], 2, [
        entry.name.length,
        0,
      ]),
      entry.name,
    ])
    yield head
    for await (const piece of withEnd(pieces)) {
      const bytes = Buffer.from(piece ?? '')
      const packed = deflateRawSync(bytes, { finishFlush: piece === null ? Z_FINISH : Z_FULL_FLUSH })
      entry.crc = crc32(bytes, entry.crc)
      entry.size += bytes.length
      entry.packed += packed.length
      yield packed
    }
    const tail = numbers(4, [0x08074b50, entry.crc, entry.packed, entry.size])
    yield tail
    offset += head.length + entry.packed + tail.length
    if (offset > 0xffff_ffff || entry.size > 0xffff_ffff)
      throw new Error('The archive would be larger than a ZIP can be.')
    listed.push(entry)
  }
  const directory = Buffer.concat(listed.map(directoryEntry))
  yield directory
  yield numbers(4, [0x06054b50], 2, [0, 0, listed.length, listed.length], 4, [directory.length, offset], 2, [0])
}

const Z_FULL_FLUSH = 3
const Z_FINISH = 4

/** The pieces, and null behind the last. */
async function* withEnd(pieces: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* pieces
  yield null
}

function directoryEntry({ name, crc, packed, size, offset }: Listed): Buffer {
  const fixed = numbers(
    4,
    [0x02014b50],
    2,
    [VERSION, VERSION, UTF8_AND_SIZES_LATER, DEFLATE, 0, NO_DATE],
    4,
    [crc, packed, size],
    2,
    [name.length, 0, 0, 0, 0],
    4,
    [0, offset],
  )
  return Buffer.concat([fixed, name])
}

/** Little-endian numbers: a width in bytes, then numbers of that width, and so on. */
function numbers(...runs: (number | number[])[]): Buffer {
  const parts: Buffer[] = []
  let width = 4
  for (const run of runs) {
    if (typeof run === 'number') width = run
    else
      for (const value of run) {
        const part = Buffer.alloc(width)
        part.writeUIntLE(value, 0, width)
        parts.push(part)
      }
  }
  return Buffer.concat(parts)
}
