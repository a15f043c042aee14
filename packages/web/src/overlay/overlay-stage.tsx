import { useRoomPart } from '@plenary/client/react'
import { chat, questions, stage } from '@plenary/kinds/client'
import { useMemo } from 'react'
import { useKindRoom } from '../event/use-kind-room.ts'
import { QuestionsOnStage } from '../questions/questions-on-stage.tsx'
import { Scene } from '../stage/scene.tsx'
import { OverlayPollNow } from './overlay-poll-now.tsx'
import type { Room, Session } from '@plenary/client'
import type { SceneParts } from '../stage/scene.tsx'

/** All that is on the stage, filling the screen; to be watched only. */
export function OverlayStage({ session }: { session: Session }) {
  const view = useRoomPart(useKindRoom(session, stage), (snapshot) => snapshot.view)
  const people = useRoomPart(useKindRoom(session, chat), ({ presence }) => presence.total) ?? 0
  const asked = useKindRoom(session, questions)
  const parts = useMemo(() => partsOf(session, asked), [session, asked])
  if (view === null || (view.show === null && view.hold === null)) return null
  return <Scene stage={view} title={session.event.title} clock={session.now} parts={parts} people={people} />
}

function partsOf(session: Session, asked: Room<typeof questions> | null): SceneParts {
  return {
    poll: () => <OverlayPollNow session={session} />,
    questions: () => (asked === null ? null : <QuestionsOnStage room={asked} />),
  }
}
