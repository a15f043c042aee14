import { audienceOf } from '@plenary/kinds'
import { useRoomPart } from '@plenary/client/react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, lazy, useCallback, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { PollDock } from '../polls/poll-dock.tsx'
import { inSight } from '../polls/polls-room.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { Announcement } from '../stage/announcement.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { PlayHeader } from './play-header.tsx'
import { PlayPanel } from './play-panel.tsx'
import { panelsOf } from './play-panels.ts'
import { usePlayRooms } from './play-rooms.ts'
import { PlayStage } from './play-stage.tsx'
import { PlayTabs } from './play-tabs.tsx'
import { useEventNow, useEventRoot } from './session-context.ts'
import { SidePanel } from './side-panel.tsx'
import { usePanel } from './use-panel.ts'
import { usePanelNews } from './use-panel-news.ts'
import { useTidings } from './use-tidings.ts'
import { useVisibleHeight } from './visible-height.ts'
import { useWide } from './wide.ts'
import styles from './play.module.css'
import type { Panel } from '@plenary/kinds'

const Invite = lazy(() => import('./invite.tsx').then(({ Invite: component }) => ({ default: component })))
const PanelDrawer = lazy(() =>
  import('./panel-drawer.tsx').then(({ PanelDrawer: component }) => ({ default: component })),
)

/** Being at the event: what is on now, the conversation, and what else the hosts have opened. */
export function PlayPage() {
  const session = useEventRoot()
  const { event, me, status } = useEventNow()
  const rooms = usePlayRooms(session)
  const stage = useRoomPart(rooms.stage, ({ view }) => view)
  const [chosen, choose] = usePanel(event.id)
  // Not known yet, as after a reload without a network, they are there for whoever was among them.
  const polled = useRoomPart(rooms.polls, ({ view }) => view && inSight(view.polls).length > 0) ?? chosen === 'polls'
  const { invite } = useSearch({ from: '/e/$code/' })
  const navigate = useNavigate({ from: '/e/$code/' })
  const [people, setPeople] = useState(false)
  const wide = useWide()
  const page = useRef<HTMLDivElement>(null)
  useVisibleHeight(page)
  usePageTitle(event.title)
  useTidings(rooms)

  const staff = audienceOf(me.role) === 'staff'
  const facts = {
    kinds: event.rooms.map(({ kind }) => kind),
    open: stage?.panels ?? null,
    staff,
    polls: polled,
    wide,
  }
  const panels = panelsOf(facts)
  const closed = staff
    ? panels.filter((panel) => !panelsOf({ ...facts, staff: false, polls: true }).includes(panel))
    : []
  const staged = stage !== null && (stage.show !== null || stage.hold !== null)
  // With nothing on the stage, the conversation has the middle of a wide page, and all else stands beside it.
  const middle: Panel | null = wide && !staged ? (panels[0] ?? null) : null
  const beside = middle === null ? panels : panels.filter((panel) => panel !== middle)
  const shown = beside.find((panel) => panel === chosen) ?? (middle === null ? beside[0] : beside.at(-1)) ?? null
  const news = usePanelNews(rooms, me, shown, middle)

  const showInvite = useCallback(
    (on: boolean) => void navigate({ to: '.', search: on ? { invite: true } : {}, replace: true }),
    [navigate],
  )
  const tabs = (at: 'top' | 'bottom') =>
    beside.length > 1 ? (
      <PlayTabs panels={beside} shown={shown} news={news} at={at} closed={closed} onChoose={choose} />
    ) : null
  // The poll that is open is at hand everywhere, but where it is on the screen already.
  const scene = stage?.hold === null ? stage.show?.scene : undefined
  const poll = scene?.layout === 'poll' ? scene : null
  const dock =
    rooms.polls === null || shown === 'polls' || poll !== null || !panels.includes('polls') ? null : (
      <PollDock room={rooms.polls} clock={session.now} />
    )
  const panel = (which: Panel | null) => (
    <PlayPanel panel={which} rooms={rooms} me={me} event={event} node={status.node} staged={poll} clock={session.now} />
  )
  const tabbed = beside.length > 1 ? { id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${shown}` } : {}

  return (
    <div ref={page} className={styles.page}>
      <PlayHeader
        event={event}
        me={me}
        room={rooms.chat}
        wide={wide}
        onPeople={() => setPeople(true)}
        onInvite={() => showInvite(true)}
      />
      <ConnectionBanner status={status} ended={event.status === 'ended'} />
      <Announcement text={stage?.announcement ?? null} />
      <div className={styles.hall} data-staged={staged || undefined}>
        {staged && stage !== null ? (
          <StageAs main={wide && middle === null}>
            <PlayStage stage={stage} rooms={rooms} />
          </StageAs>
        ) : null}
        {wide ? (
          <>
            {middle === null ? null : (
              <main className={styles.main}>
                {dock}
                {panel(middle)}
              </main>
            )}
            <aside className={styles.side} aria-label="Side panel" data-staged={staged || undefined}>
              {tabs('top')}
              {middle === null ? dock : null}
              <div className={styles.sidePanel} {...tabbed}>
                {panel(shown)}
              </div>
            </aside>
          </>
        ) : (
          <main className={styles.main}>
            {dock}
            <div className={styles.sidePanel} {...tabbed}>
              {panel(shown)}
            </div>
          </main>
        )}
      </div>
      {wide ? null : tabs('bottom')}
      <Suspense fallback={null}>
        {invite ? <Invite event={event} onClose={() => showInvite(false)} /> : null}
        {people && !wide && rooms.chat ? (
          <PanelDrawer onClose={() => setPeople(false)}>
            <SidePanel room={rooms.chat} me={me} event={event} node={status.node} />
          </PanelDrawer>
        ) : null}
      </Suspense>
    </div>
  )
}

/** With no panel in the middle, the stage is what the page is about. */
function StageAs({ main, children }: { main: boolean; children: ReactNode }) {
  return main ? <main className={styles.bare}>{children}</main> : children
}
