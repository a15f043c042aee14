/** Bounds of what is read from files, units last in the name; beyond one, an import is refused with words. */
export const IMPORT_LIMITS = {
  fileBytes: 20 * 1024 * 1024,
  /** Of everything in a packed file together. */
  unpackedBytes: 120 * 1024 * 1024,
  packedFiles: 4_000,
  imageBytes: 10 * 1024 * 1024,
  blocks: 50_000,
  /** Deeper, what is nested is flattened. */
  depth: 40,
  tableCells: 20_000,
} as const

/** A file that is not taken; the message is for people. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}
