import { useEffect, useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import type { api, RoomId } from '@plenary/kinds'

type RoomInfo = api.EventInfo['rooms'][number]

/** What the event says of the room; asked for where it was added after this page came in. */
export function useRoomInfo(event: api.EventInfo, id: RoomId): RoomInfo | 'looking' | 'none' {
  const client = useClient()
  const [later, setLater] = useState<readonly RoomInfo[] | null>(null)
  const known = event.rooms.find((room) => room.id === id) ?? later?.find((room) => room.id === id)
  const missing = known === undefined
  useEffect(() => {
    if (!missing) return
    let gone = false
    client.http.get<{ event: api.EventInfo }>(`/api/events/${event.id}`).then(
      (answer) => {
        if (!gone) setLater(answer.event.rooms)
      },
      // The session's next ticket tells of it as well.
      () => {
        if (!gone) setLater([])
      },
    )
    return () => {
      gone = true
    }
  }, [client, event.id, missing])
  return known ?? (later === null ? 'looking' : 'none')
}
