import { useSyncExternalStore } from 'react'
import type { Room } from '../room.ts'
import type { AnyClientKind } from '@plenary/kinds'
import type { Typist } from '../typing.ts'

/** Who else types in the room now, in the order in which they began. */
export function useTyping<K extends AnyClientKind>(room: Room<K>): readonly Typist[] {
  return useSyncExternalStore(room.typing.subscribe, () => room.typing.now)
}
