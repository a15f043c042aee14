import { useRoom } from '@plenary/client/react'
import { audienceOf } from '@plenary/kinds'
import { Suspense, lazy } from 'react'
import { MessageText } from '../chat/message-text.tsx'
import { NodeState } from './node-state.tsx'
import { People } from './people.tsx'
import styles from './side.module.css'
import type { api } from '@plenary/kinds'
import type { ChatRoom } from '../chat/chat-room.ts'

const StaffPanel = lazy(() =>
  import('../chat/staff-panel.tsx').then(({ StaffPanel: component }) => ({ default: component })),
)

interface SidePanelProps {
  room: ChatRoom
  me: api.Me
  event: api.EventInfo
  node: string | undefined
}

/** Beside the conversation: for staff their tools, for all who is here and what is pinned. */
export function SidePanel({ room, me, node }: SidePanelProps) {
  const { view, presence } = useRoom(room)
  const staff = audienceOf(me.role) === 'staff'
  return (
    <div className={styles.panel}>
      {staff && view ? (
        <Suspense fallback={null}>
          <StaffPanel room={room} view={view} />
        </Suspense>
      ) : null}
      <People presence={presence} me={me} />
      {view && view.pins.length > 0 ? (
        <section className={styles.section} aria-labelledby="pins-title">
          <h2 id="pins-title">Pinned</h2>
          <ul className={styles.pins}>
            {view.pins.toReversed().map((pin) => (
              <li key={pin.seq}>
                <strong>{pin.by.name}</strong>
                <MessageText text={pin.text} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <NodeState node={node} />
    </div>
  )
}
