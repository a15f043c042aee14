import { useEffect } from 'react'
import { useRoom } from '@plenary/client/react'
import { useSpeech } from '../shell/announcer.tsx'
import type { Room } from '@plenary/client'
import type { AnyKind } from '@plenary/kinds'

/** What people wrote is kept for them to see to on the event's own page. */
const WRITTEN = new Set(['post', 'ask'])

/** Tells of every act that was refused, and lets it go. */
export function useRefusals<K extends AnyKind>(room: Room<K>): void {
  const { pending } = useRoom(room)
  const { toast } = useSpeech()
  useEffect(() => {
    for (const command of pending) {
      if (command.state !== 'refused' || WRITTEN.has(command.type)) continue
      toast(command.failure?.message ?? 'That was refused.')
      room.discard(command.id)
    }
  }, [room, pending, toast])
}
