import { ActionIcon } from '@mantine/core'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { IconDeviceGamepad2, IconUserPlus } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { ConnectionBanner } from '../event/connection-banner.tsx'
import { Invite } from '../event/invite.tsx'
import { NodeState } from '../event/node-state.tsx'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { LinkButton } from '../shell/link-button.tsx'
import { Mark } from '../shell/mark.tsx'
import { Notice } from '../shell/notice.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { GameRoom } from './game-room.tsx'
import { gameOf } from './look.ts'
import { useGameRoom } from './use-game-room.ts'
import { useRoomInfo } from './use-room-info.ts'
import { WaitForOther } from './wait-for-other.tsx'
import styles from './game-page.module.css'
import type { RoomId } from '@plenary/kinds'
import type { Game } from './look.ts'

/** A game of an event, or on its own, with all the room that a screen has. */
export function GamePage() {
  const { event } = useEventNow()
  const { room } = useParams({ from: '/e/$code/g/$room' })
  const info = useRoomInfo(event, room as RoomId)
  if (info === 'looking') return <PageLoading />
  const game = info === 'none' ? undefined : gameOf(info.kind)
  if (info === 'none' || game === undefined)
    return (
      <Notice
        icon={<IconDeviceGamepad2 size={32} stroke={1.5} />}
        title="There is no such game"
        actions={<LinkButton to="/games">All games</LinkButton>}
      >
        <p>It may have been taken away, or the link is cut short.</p>
      </Notice>
    )
  return <Table key={info.id} game={game} id={info.id} title={info.title} />
}

function Table({ game, id, title }: { game: Game; id: RoomId; title: string }) {
  const session = useEventRoot()
  const { event, status } = useEventNow()
  const { room, game: state, mine } = useGameRoom(session, game, id)
  const { match } = useSearch({ from: '/e/$code/g/$room' })
  const [inviting, setInviting] = useState(false)
  const alone = event.form === 'room'
  usePageTitle(title)

  // Whoever comes to a game on its own before it has begun comes to play: the first two sit down by themselves.
  const free = state !== null && state.round === 0 && mine === null && state.seats.includes(null)
  const sat = useRef(false)
  useEffect(() => {
    if (!alone || !free || sat.current) return
    sat.current = true
    // Another was faster: then one watches, and the page shows it.
    room.send('sit', {}).catch(() => undefined)
  }, [room, alone, free])

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        {alone ? (
          <Link to="/games" className={styles.home} aria-label="All games">
            <Mark size={30} />
          </Link>
        ) : (
          <Link
            to="/e/$code"
            params={{ code: event.code }}
            className={styles.home}
            aria-label={`Back to ${event.title}`}
          >
            <Mark size={30} />
          </Link>
        )}
        <div className={styles.titles}>
          <h1 dir="auto">{title}</h1>
          <code data-testid="event-code">{event.code}</code>
        </div>
        <ActionIcon aria-label="Invite" onClick={() => setInviting(true)}>
          <IconUserPlus size={22} stroke={1.75} />
        </ActionIcon>
      </header>
      <ConnectionBanner status={status} ended={event.status === 'ended'} />
      <main className={styles.main}>
        {alone && mine !== null && state !== null && state.turnAt === null && state.seats.includes(null) ? (
          <WaitForOther session={session} matching={match === true} onInvite={() => setInviting(true)} />
        ) : null}
        <GameRoom session={session} game={game} id={id} />
      </main>
      <NodeState node={status.node} />
      {inviting ? <Invite event={event} onClose={() => setInviting(false)} /> : null}
    </div>
  )
}
