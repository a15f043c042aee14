import { IconEye, IconEyeOff, IconLock } from '@tabler/icons-react'
import { AnswerForm } from './answer-form.tsx'
import { PollClock } from './poll-clock.tsx'
import { privacyWords } from './privacy.ts'
import { PollResults } from './poll-results.tsx'
import { VoteState } from './vote-state.tsx'
import styles from './polls.module.css'
import type { ReactNode } from 'react'
import type { Answer, Millis, MyVote, Poll, Privacy, Results } from '@plenary/kinds'
import type { PendingVote } from './polls-room.ts'

const EYES = { named: IconEye, hidden: IconEyeOff, secret: IconLock } satisfies Record<Privacy, typeof IconEye>

export interface PollCardProps {
  poll: Poll
  results: Results
  vote: MyVote | null
  pending: PendingVote | undefined
  /** The time at the server. */
  clock(): Millis
  onVote(poll: Poll, answer: Answer): void
  /** Lets a refused vote go. */
  onDismiss(vote: PendingVote): void
  /** In its upper corner. */
  corner?: ReactNode
}

/** One poll: what is asked, the way to answer, what became of one's answer, and what all have answered. */
export function PollCard({ poll, results, vote, pending, clock, onVote, onDismiss, corner }: PollCardProps) {
  const { id, title, status, privacy, closesAt, seconds, form } = poll
  const refused = pending?.state === 'refused'
  const mine = (refused ? null : pending?.answer) ?? vote?.answer ?? null
  const open = status === 'open'
  const Eye = EYES[privacy]
  const quiz = form.type === 'choice' && form.quiz !== undefined
  return (
    <article className={styles.card} data-status={status} aria-labelledby={`poll-${id}`}>
      <header className={styles.head}>
        <p className={styles.kind}>
          {open ? (
            <span className={styles.live}>{quiz ? 'Quiz' : 'Vote now'}</span>
          ) : (
            <span>{quiz ? 'Quiz, closed' : 'Closed'}</span>
          )}
          <span className={styles.total}>{results.votes === 1 ? '1 vote' : `${results.votes} votes`}</span>
          {corner}
        </p>
        <h2 id={`poll-${id}`} className={styles.title} dir="auto">
          {title}
        </h2>
        {open && closesAt !== null && seconds !== null ? (
          <PollClock closesAt={closesAt} totalMs={seconds * 1_000} clock={clock} />
        ) : null}
      </header>
      {open ? (
        <AnswerForm poll={poll} results={results} mine={mine} onAnswer={(answer) => onVote(poll, answer)} />
      ) : (
        <PollResults poll={poll} results={results} mine={mine} />
      )}
      <VoteState poll={poll} vote={vote} pending={pending} onDismiss={onDismiss} />
      {open ? (
        <p className={styles.privacy} data-privacy={privacy}>
          <Eye size={16} stroke={1.75} aria-hidden="true" />
          {privacyWords(privacy, form)}
        </p>
      ) : null}
    </article>
  )
}
