/**
 * Bytes by their own hash. Guarantee: once `put` has resolved, `get` of that hash gives these bytes, on every node that shares the
 * store, over any restart; the same bytes put twice are kept once.
 */
export interface Blobs {
  put(hash: BlobHash, bytes: Uint8Array): Promise<void>
  /** Null for what was never put. */
  get(hash: BlobHash): Promise<Uint8Array | null>
}

/** SHA-256, base64url. */
export type BlobHash = string
