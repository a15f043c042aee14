import { useRoom } from '@plenary/client/react'
import { useEffect, useState } from 'react'
import { sampled, SAMPLE_MS, type Sample } from './samples.ts'
import type { PresenceNow, Room } from '@plenary/client'
import type { AnyClientKind } from '@plenary/kinds'

/** Who is here, and how many were since this screen was opened. */
export function usePresence<K extends AnyClientKind>(room: Room<K>): { now: PresenceNow; samples: readonly Sample[] } {
  const { presence } = useRoom(room)
  const [samples, setSamples] = useState<readonly Sample[]>([])
  useEffect(() => {
    const take = () => {
      const { total } = room.snapshot.presence
      // Nobody is counted while the connection is away.
      if (total > 0) setSamples((before) => sampled(before, Date.now(), total))
    }
    const stop = room.subscribe(take)
    const timer = setInterval(take, SAMPLE_MS)
    const first = setTimeout(take)
    return () => {
      stop()
      clearInterval(timer)
      clearTimeout(first)
    }
  }, [room])
  return { now: presence, samples }
}
