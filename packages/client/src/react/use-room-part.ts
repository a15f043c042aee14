import type { AnyClientKind } from '@plenary/kinds'
import { useMemo, useSyncExternalStore } from 'react'
import type { Room, RoomSnapshot } from '../room.ts'
import { onceAFrame } from './once-a-frame.ts'

const never = () => () => undefined

/**
 * Of a room that may not be there only what `select` takes out of it; null without the room. Renders again when that is
 * another value or another object, so `select` takes out what is there and makes nothing new.
 */
export function useRoomPart<K extends AnyClientKind, Part>(
  room: Room<K> | null,
  select: (snapshot: RoomSnapshot<K>) => Part,
): Part | null {
  const subscribe = useMemo(() => (room === null ? never : onceAFrame(room.subscribe)), [room])
  return useSyncExternalStore(subscribe, () => (room === null ? null : select(room.snapshot)))
}
