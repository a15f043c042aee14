import { useRoomPart } from '@plenary/client/react'
import { Suspense, lazy, useCallback, useMemo } from 'react'
import { PollOnStage } from '../polls/poll-on-stage.tsx'
import { QuestionsOnStage } from '../questions/questions-on-stage.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { Burst } from '../stage/burst.tsx'
import { ReactionBar } from '../stage/reaction-bar.tsx'
import { reactionsOf } from '../stage/reactions.ts'
import { Scene } from '../stage/scene.tsx'
import { useEventNow, useEventRoot } from './session-context.ts'
import styles from './play.module.css'
import type { PlayRooms, StageRoom } from './play-rooms.ts'
import type { api, Millis, OnStage, Reaction } from '@plenary/kinds'
import type { SceneParts } from '../stage/scene.tsx'

const GameOnStage = lazy(() =>
  import('../games/game-on-stage.tsx').then(({ GameOnStage: component }) => ({ default: component })),
)
const DocumentOnStage = lazy(() =>
  import('../document/document-on-stage.tsx').then(({ DocumentOnStage: component }) => ({ default: component })),
)

/** The stage with what the event's rooms put on it. */
export function PlayStage({ stage, rooms }: { stage: OnStage; rooms: PlayRooms }) {
  const session = useEventRoot()
  const { event } = useEventNow()
  const people = useRoomPart(rooms.chat, ({ presence }) => presence.total) ?? 0
  const parts = useMemo(() => partsOf(rooms, event.rooms, session.now), [rooms, event.rooms, session])
  return (
    <section className={styles.stage} aria-label="Stage" data-layout={stage.show?.scene.layout}>
      <Scene stage={stage} title={event.title} clock={session.now} parts={parts} people={people}>
        {rooms.stage === null ? null : <Reacting room={rooms.stage} />}
      </Scene>
    </section>
  )
}

/** What the audience sends, and the way to send it. */
function Reacting({ room }: { room: StageRoom }) {
  const onReactions = useMemo(() => reactionsOf(room), [room])
  const tell = useCallback((counts: Partial<Record<Reaction, number>>) => room.signal('react', counts), [room])
  return (
    <>
      <Burst onReactions={onReactions} />
      <ReactionBar tell={tell} />
    </>
  )
}

function partsOf(rooms: PlayRooms, all: api.EventInfo['rooms'], clock: () => Millis): SceneParts {
  return {
    poll: ({ item }) => (rooms.polls === null ? null : <PollOnStage room={rooms.polls} item={item} clock={clock} />),
    game: ({ room }) => (
      <Suspense fallback={<PageLoading />}>
        <GameOnStage id={room} />
      </Suspense>
    ),
    questions: () => (rooms.questions === null ? null : <QuestionsOnStage room={rooms.questions} />),
    document: ({ room }) => {
      const text = all.find(({ id, kind }) => id === room && kind === 'document')
      return text === undefined ? null : (
        <Suspense fallback={null}>
          <DocumentOnStage room={text.id} title={text.title} />
        </Suspense>
      )
    },
  }
}
