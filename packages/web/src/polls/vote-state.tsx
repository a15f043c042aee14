import { IconAlertTriangle, IconCircleCheckFilled, IconClock, IconDeviceMobile } from '@tabler/icons-react'
import styles from './polls.module.css'
import type { MyVote, Poll } from '@plenary/kinds'
import type { PendingVote } from './polls-room.ts'

interface VoteStateProps {
  poll: Poll
  vote: MyVote | null
  pending: PendingVote | undefined
  onDismiss(vote: PendingVote): void
}

/** What became of one's own vote: kept on this device, on its way, saved, or refused and why (R12). */
export function VoteState({ poll, vote, pending, onDismiss }: VoteStateProps) {
  return (
    <div className={styles.state} role="status" data-state={pending?.state ?? (vote === null ? 'none' : 'saved')}>
      {content()}
    </div>
  )

  function content() {
    if (pending?.state === 'refused')
      return (
        <>
          <IconAlertTriangle size={18} aria-hidden="true" />
          <span>Your vote was not taken. {pending.reason}</span>
          <button type="button" className={styles.quiet} onClick={() => onDismiss(pending)}>
            All right
          </button>
        </>
      )
    if (pending?.state === 'kept')
      return (
        <>
          <IconDeviceMobile size={18} aria-hidden="true" />
          <span>Kept on this device. It goes out once you are connected.</span>
        </>
      )
    if (pending !== undefined)
      return (
        <>
          <IconClock size={18} aria-hidden="true" />
          <span>Sending…</span>
        </>
      )
    if (vote === null) return poll.status === 'open' || poll.sealed ? null : <span>You did not vote.</span>
    return (
      <>
        <IconCircleCheckFilled size={18} aria-hidden="true" />
        <span>
          {vote.points === undefined
            ? 'Your vote is saved.'
            : vote.points === 0
              ? 'No points this time.'
              : `${vote.points} points for you.`}
          {poll.status === 'open' && poll.change ? ' You can change it until the poll closes.' : ''}
        </span>
      </>
    )
  }
}
