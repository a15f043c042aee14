import { nextCue, previewOf } from '@plenary/kinds'
import { useRoomPart } from '@plenary/client/react'
import { onStage } from '../polls/polls-room.ts'
import { Screen } from './screen.tsx'
import { useServerNow } from './use-server-now.ts'
import styles from './on-air.module.css'
import type { Backstage, OnStage, PollsView } from '@plenary/kinds'
import type { PollsRoom } from './rooms.ts'

const TICK_MS = 1_000

/** What attendees see, and what they would see with the next cue. */
export function OnAir({ view, backstage, polls }: { view: OnStage; backstage: Backstage; polls: PollsRoom | null }) {
  const asked = useRoomPart(polls, (room) => room.view)
  const now = useServerNow(TICK_MS)
  const next = nextCue(backstage)
  const ended = backstage.live.until !== null
  return (
    <div className={styles.pair}>
      <figure className={styles.figure} data-live data-testid="on-air">
        <figcaption>Attendees see</figcaption>
        <Screen on={withQuestion(view, asked)} />
      </figure>
      <figure className={styles.figure} data-testid="preview">
        <figcaption>{next && !ended ? `Next: ${next.title}` : 'Next'}</figcaption>
        {next && !ended ? (
          <Screen on={withQuestion({ ...previewOf(backstage, next.id, now), hold: null }, asked)} />
        ) : (
          <div className={styles.nothing}>No cue after this one.</div>
        )}
      </figure>
    </div>
  )
}

/** A poll goes by its question, where the cue has no words of its own. */
function withQuestion(on: OnStage, asked: PollsView | null): OnStage {
  const scene = on.show?.scene
  if (on.show === null || scene?.layout !== 'poll' || scene.text !== undefined || asked === null) return on
  const poll = onStage(asked.polls, scene.item)
  return poll === undefined ? on : { ...on, show: { ...on.show, scene: { ...scene, text: poll.title } } }
}
