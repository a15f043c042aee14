import { useEffect } from 'react'
import { useSpeech } from './announcer.tsx'
import type { PendingCommand, Room } from '@plenary/client'
import type { AnyClientKind } from '@plenary/kinds'

/** Tells of every refused command and lets it go, but for the types that are shown where they were written: those hold words of the user's. */
export function useRefusals<K extends AnyClientKind>(
  room: Room<K>,
  pending: readonly PendingCommand[],
  keeps: readonly string[],
): void {
  const { toast } = useSpeech()
  useEffect(() => {
    for (const { id, type, state, failure } of pending) {
      if (state !== 'refused' || keeps.includes(type)) continue
      toast(failure?.message ?? 'That was refused.')
      room.discard(id)
    }
  }, [room, pending, keeps, toast])
}
