import { Link } from '@tanstack/react-router'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { PageLoading } from '../shell/page-loading.tsx'
import { GameRoom } from './game-room.tsx'
import { gameOf } from './look.ts'
import { useRoomInfo } from './use-room-info.ts'
import styles from './game-room.module.css'
import type { RoomId } from '@plenary/kinds'

/** A game in front of everyone at the event, live. */
export function GameOnStage({ id }: { id: RoomId }) {
  const session = useEventRoot()
  const { event } = useEventNow()
  const info = useRoomInfo(event, id)
  if (info === 'looking') return <PageLoading />
  const game = info === 'none' ? undefined : gameOf(info.kind)
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
