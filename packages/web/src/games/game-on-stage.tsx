import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { useClient } from '../shell/client-provider.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { GameRoom } from './game-room.tsx'
import { gameOf } from './look.ts'
import styles from './game-room.module.css'
import type { api, RoomId } from '@plenary/kinds'

/** A game in front of everyone at the event, live. */
export function GameOnStage({ id }: { id: RoomId }) {
  const session = useEventRoot()
  const { event } = useEventNow()
  const info = useRoomInfo(event, id)
  const game = gameOf(info?.kind)
  if (info === undefined) return <PageLoading />
  if (game === undefined) return <p className={styles.status}>This game cannot be shown here.</p>
  return (
    <div className={styles.onStage}>
      <GameRoom session={session} game={game} id={id} onStage />
      <p className={styles.enlarge}>
        <Link to="/e/$code/g/$room" params={{ code: event.code, room: id }} search={{}}>
          Open the board on its own
        </Link>
      </p>
    </div>
  )
}

/** What the event says of the room; asked for where it was added after this page came in. */
function useRoomInfo(event: api.EventInfo, id: RoomId): api.EventInfo['rooms'][number] | undefined {
  const client = useClient()
  const [later, setLater] = useState<api.EventInfo['rooms']>([])
  const known = [...event.rooms, ...later].find((room) => room.id === id)
  const missing = known === undefined
  useEffect(() => {
    if (!missing) return
    let gone = false
    client.http.get<{ event: api.EventInfo }>(`/api/events/${event.id}`).then(
      (answer) => {
        if (!gone) setLater(answer.event.rooms)
      },
      // The session's next ticket tells of it as well.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [client, event.id, missing])
  return known
}
