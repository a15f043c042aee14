import type { AnyClientKind } from '@plenary/kinds'
import { useMemo, useSyncExternalStore } from 'react'
import type { Room, RoomSnapshot } from '../room.ts'
import { onceAFrame } from './once-a-frame.ts'

/** The room as it is now; renders again when something in it changes, at most once a frame. */
export function useRoom<K extends AnyClientKind>(room: Room<K>): RoomSnapshot<K> {
  const subscribe = useMemo(() => onceAFrame(room.subscribe), [room])
  return useSyncExternalStore(subscribe, () => room.snapshot)
}
