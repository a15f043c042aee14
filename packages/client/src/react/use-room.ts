import type { AnyKind } from '@plenary/kinds'
import { useSyncExternalStore } from 'react'
import type { Room, RoomSnapshot } from '../room.ts'

/** The room as it is now; renders again when something in it changes. */
export function useRoom<K extends AnyKind>(room: Room<K>): RoomSnapshot<K> {
  return useSyncExternalStore(room.subscribe, () => room.snapshot)
}
