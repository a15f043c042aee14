import type { RoomId } from '@plenary/kinds'

/** The keys of a room, by scope. */
export type ScopeKeys = ReadonlyMap<string, Uint8Array>

/**
 * Keys of secret scopes (`Secrets` of a kind): what people do in one is kept under an alias that only its key leads to.
 *
 * Guarantee: what `make` answered is durable and the same for every node until it is destroyed. Once `destroy` has resolved, the key
 * stands in no file of the store any more, free pages and journals included, and nothing brings it back; the next `make` of that scope
 * makes another one. A key that is lost is missing from `of`, and never replaced unasked.
 */
export interface RoomKeys {
  /** The key of this scope, made now unless there is one. */
  make(room: RoomId, scope: string): Promise<Uint8Array>
  of(room: RoomId): Promise<ScopeKeys>
  /** Rooms that have a key. */
  rooms(): Promise<RoomId[]>
  /** Keys that are gone already are no matter. */
  destroy(room: RoomId, scopes: readonly string[]): Promise<void>
  close(): Promise<void>
}

export const KEY_BYTES = 32
