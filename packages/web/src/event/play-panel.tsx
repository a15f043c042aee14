import { Suspense, lazy } from 'react'
import { Chat } from '../chat/chat.tsx'
import { SidePanel } from './side-panel.tsx'
import styles from './play.module.css'
import type { api, Millis, Panel } from '@plenary/kinds'
import type { PlayRooms } from './play-rooms.ts'

const QuestionsPanel = lazy(() =>
  import('../questions/questions-panel.tsx').then(({ QuestionsPanel: component }) => ({ default: component })),
)
const PollsPanel = lazy(() =>
  import('../polls/polls-panel.tsx').then(({ PollsPanel: component }) => ({ default: component })),
)

interface PlayPanelProps {
  panel: Panel | null
  rooms: PlayRooms
  me: api.Me
  event: api.EventInfo
  node: string | undefined
  /** What the stage has of polls now; null when it shows something else. */
  staged: { item?: string } | null
  /** The time at the server. */
  clock(): Millis
}

/** One panel, whichever. */
export function PlayPanel({ panel, rooms, me, event, node, staged, clock }: PlayPanelProps) {
  return <Suspense fallback={<p className={styles.nothing}>Loading…</p>}>{content()}</Suspense>

  function content() {
    if (panel === 'chat' && rooms.chat !== null) return <Chat room={rooms.chat} me={me} />
    if (panel === 'questions' && rooms.questions !== null) return <QuestionsPanel room={rooms.questions} me={me} />
    if (panel === 'polls' && rooms.polls !== null)
      return <PollsPanel room={rooms.polls} me={me} staged={staged} clock={clock} />
    if (panel === 'people' && rooms.chat !== null)
      return (
        <div className={styles.scrolls}>
          <SidePanel room={rooms.chat} me={me} event={event} node={node} />
        </div>
      )
    return <p className={styles.nothing}>The hosts have closed everything here for now.</p>
  }
}
