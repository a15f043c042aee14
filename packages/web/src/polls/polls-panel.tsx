import { Button } from '@mantine/core'
import { IconChartBar, IconDeviceMobile } from '@tabler/icons-react'
import { Leaderboard } from './leaderboard.tsx'
import { PollCard } from './poll-card.tsx'
import { inSight, onStage } from './polls-room.ts'
import { usePolls } from './use-polls.ts'
import styles from './polls.module.css'
import type { Millis } from '@plenary/kinds'
import type { Me, PollsRoom } from './polls-room.ts'

interface PollsPanelProps {
  room: PollsRoom
  me: Me
  /** What the stage has of polls now; null when it shows something else. */
  staged: { item?: string } | null
  clock(): Millis
}

/** All polls that are in sight but the one on the stage: to vote in those that are open, and what came of the others. */
export function PollsPanel({ room, me, staged, clock }: PollsPanelProps) {
  const { state, failure, view, mine, waiting, card } = usePolls(room)
  if (state === 'refused')
    return (
      <div className={styles.empty} role="alert">
        <h2>You cannot see the polls</h2>
        <p>{failure?.message}</p>
        <Button variant="default" onClick={() => location.reload()}>
          Try again
        </Button>
      </div>
    )
  if (view === null)
    return (
      <div className={styles.ghosts} role="status" aria-busy="true" aria-label="Polls are loading">
        {waiting ? (
          <p className={styles.state} data-state="kept">
            <IconDeviceMobile size={18} aria-hidden="true" /> Your vote is kept on this device. It goes out once you are
            connected.
          </p>
        ) : null}
        <i />
        <i />
      </div>
    )
  const above = staged === null ? undefined : onStage(view.polls, staged.item)
  const polls = inSight(view.polls).filter((poll) => poll !== above)
  return (
    <section className={styles.panel} aria-label="Polls">
      {polls.length === 0 && view.board.length === 0 ? (
        <div className={styles.empty}>
          <span className={styles.sign}>
            <IconChartBar size={36} stroke={1.5} aria-hidden="true" />
          </span>
          <h2>{above === undefined ? 'No poll is open' : 'The poll is on the stage'}</h2>
          <p>
            {above === undefined
              ? 'When the hosts open one, you vote here.'
              : 'Vote up there. What else is asked stands here.'}
          </p>
        </div>
      ) : (
        <div className={styles.list}>
          {view.board.length > 0 ? (
            <Leaderboard lines={view.board} me={{ id: me.id, points: mine?.points ?? 0 }} />
          ) : null}
          {polls.map((poll) => (
            <PollCard key={poll.id} {...card(poll)} clock={clock} />
          ))}
        </div>
      )}
    </section>
  )
}
