import { onStage } from './polls-room.ts'
import { PollCard } from './poll-card.tsx'
import { usePolls } from './use-polls.ts'
import styles from './polls.module.css'
import type { Millis } from '@plenary/kinds'
import type { PollsRoom } from './polls-room.ts'

interface PollOnStageProps {
  room: PollsRoom
  /** The poll that the cue names; without it the newest. */
  item: string | undefined
  clock(): Millis
}

/** The poll that is on the stage, to vote in right there. */
export function PollOnStage({ room, item, clock }: PollOnStageProps) {
  const { view, card } = usePolls(room)
  if (view === null) return null
  const poll = onStage(view.polls, item)
  return poll === undefined ? (
    <p className={styles.soon}>The poll opens in a moment.</p>
  ) : (
    <PollCard {...card(poll)} clock={clock} />
  )
}
