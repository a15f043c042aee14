import { useRoomPart } from '@plenary/client/react'
import { Suspense, lazy, useMemo } from 'react'
import { PollOnStage } from '../polls/poll-on-stage.tsx'
import { QuestionsOnStage } from '../questions/questions-on-stage.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { Scene } from '../stage/scene.tsx'
import { useEventNow, useEventRoot } from './session-context.ts'
import styles from './play.module.css'
import type { PlayRooms } from './play-rooms.ts'
import type { Millis, OnStage } from '@plenary/kinds'
import type { SceneParts } from '../stage/scene.tsx'

const GameOnStage = lazy(() =>
  import('../games/game-on-stage.tsx').then(({ GameOnStage: component }) => ({ default: component })),
)

/** The stage with what the event's rooms put on it. */
export function PlayStage({ stage, rooms }: { stage: OnStage; rooms: PlayRooms }) {
  const session = useEventRoot()
  const { event } = useEventNow()
  const people = useRoomPart(rooms.chat, ({ presence }) => presence.total) ?? 0
  const parts = useMemo(() => partsOf(rooms, session.now), [rooms, session])
  return (
    <section className={styles.stage} aria-label="Stage" data-layout={stage.show?.scene.layout}>
      <Scene stage={stage} title={event.title} clock={session.now} parts={parts} people={people} />
    </section>
  )
}

function partsOf(rooms: PlayRooms, clock: () => Millis): SceneParts {
  return {
    poll: ({ item }) => (rooms.polls === null ? null : <PollOnStage room={rooms.polls} item={item} clock={clock} />),
    game: ({ room }) => (
      <Suspense fallback={<PageLoading />}>
        <GameOnStage id={room} />
      </Suspense>
    ),
    questions: () => (rooms.questions === null ? null : <QuestionsOnStage room={rooms.questions} />),
  }
}
