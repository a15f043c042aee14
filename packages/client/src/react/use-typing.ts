import { useSyncExternalStore } from 'react'
import type { Room } from '../room.ts'
import type { AnyKind } from '@plenary/kinds'
import type { Typist } from '../typing.ts'

/** Who else types in the room now, in the order in which they began. */
export function useTyping<K extends AnyKind>(room: Room<K>): readonly Typist[] {
  return useSyncExternalStore(room.typing.subscribe, () => room.typing.now)
}
