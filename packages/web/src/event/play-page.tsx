import { ActionIcon, Button } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { IconSettings, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { Suspense, lazy, useCallback, useRef, useState } from 'react'
import { Chat } from '../chat/chat.tsx'
import { Mark } from '../shell/mark.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { Headcount } from './headcount.tsx'
import { useEventNow, useEventRoot } from './session-context.ts'
import { SidePanel } from './side-panel.tsx'
import { useChatRoom } from './use-chat-room.ts'
import { useVisibleHeight } from './visible-height.ts'
import { useWide } from './wide.ts'
import styles from './play.module.css'

const Invite = lazy(() => import('./invite.tsx').then(({ Invite: component }) => ({ default: component })))
const PanelDrawer = lazy(() =>
  import('./panel-drawer.tsx').then(({ PanelDrawer: component }) => ({ default: component })),
)

/** Being at the event: the conversation, who is here, and what the hosts need at hand. */
export function PlayPage() {
  const session = useEventRoot()
  const { event, me, status } = useEventNow()
  const room = useChatRoom(session)
  const { invite } = useSearch({ from: '/e/$code/' })
  const navigate = useNavigate({ from: '/e/$code/' })
  const [people, setPeople] = useState(false)
  const wide = useWide()
  const page = useRef<HTMLDivElement>(null)
  useVisibleHeight(page)
  usePageTitle(event.title)

  const showInvite = useCallback(
    (on: boolean) => void navigate({ to: '.', search: on ? { invite: true } : {}, replace: true }),
    [navigate],
  )
  const organises = me.role === 'owner' || me.role === 'producer'

  return (
    <div ref={page} className={styles.page}>
      <header className={styles.header}>
        <Link to="/" className={styles.home} aria-label="Plenary, start">
          <Mark size={30} />
        </Link>
        <div className={styles.titles}>
          <h1>{event.title}</h1>
          <code data-testid="event-code">{event.code}</code>
        </div>
        <nav className={styles.tools} aria-label="Event">
          {room && !wide ? (
            <button type="button" className={styles.count} onClick={() => setPeople(true)}>
              <IconUsers size={20} stroke={1.75} aria-hidden="true" />
              <span className={styles.hidden}>People</span> <Headcount room={room} />
            </button>
          ) : null}
          {wide ? (
            <Button
              variant="light"
              leftSection={<IconUserPlus size={20} stroke={1.75} />}
              onClick={() => showInvite(true)}
            >
              Invite
            </Button>
          ) : (
            <ActionIcon aria-label="Invite" onClick={() => showInvite(true)}>
              <IconUserPlus size={22} stroke={1.75} />
            </ActionIcon>
          )}
          {organises ? (
            <Link
              to="/e/$code/settings"
              params={{ code: event.code }}
              className={styles.tool}
              aria-label="Settings"
              title="Settings"
            >
              <IconSettings size={22} stroke={1.75} aria-hidden="true" />
            </Link>
          ) : null}
        </nav>
      </header>
      <ConnectionBanner status={status} ended={event.status === 'ended'} />
      <div className={styles.hall}>
        <main className={styles.main}>
          {room ? <Chat room={room} me={me} /> : <p className={styles.nothing}>This event has no chat.</p>}
        </main>
        {wide && room ? (
          <aside className={styles.side} aria-label="Side panel">
            <SidePanel room={room} me={me} event={event} node={status.node} />
          </aside>
        ) : null}
      </div>
      <Suspense fallback={null}>
        {invite ? <Invite event={event} onClose={() => showInvite(false)} /> : null}
        {people && !wide && room ? (
          <PanelDrawer onClose={() => setPeople(false)}>
            <SidePanel room={room} me={me} event={event} node={status.node} />
          </PanelDrawer>
        ) : null}
      </Suspense>
    </div>
  )
}
