import { IconCaretUpFilled, IconCheck, IconDeviceMobile, IconMicrophone, IconPinFilled } from '@tabler/icons-react'
import { memo } from 'react'
import { MessageText } from '../chat/message-text.tsx'
import { RoleBadge } from '../chat/role-badge.tsx'
import { clockText, fullText } from '../chat/times.ts'
import { TakeBack } from './take-back.tsx'
import styles from './questions.module.css'
import type { Question } from '@plenary/kinds'

interface QuestionCardProps {
  question: Question
  votes: number
  voted: boolean
  /** What I asked for about it has not left this device. */
  kept: boolean
  /** I am taking it back. */
  leaving: boolean
  own: boolean
  onVote(question: Question, on: boolean): void
  onTakeBack(seq: number): void
}

/** One question, who asked it, how it stands, and the button to vote for it. */
export const QuestionCard = memo(function QuestionCard(props: QuestionCardProps) {
  const { question, votes, voted, kept, leaving, own, onVote, onTakeBack } = props
  const { seq, at, text, by, status, pinned, replies, merged } = question
  const label = votes === 1 ? '1 vote' : `${votes} votes`
  const fixed = own || status === 'answered'
  return (
    <article
      className={styles.card}
      data-status={status}
      data-leaving={leaving || undefined}
      aria-labelledby={`q-${seq}`}
    >
      <div className={styles.body}>
        {status === 'live' ? (
          <p className={styles.mark} data-live>
            <IconMicrophone size={16} stroke={2} aria-hidden="true" /> Being answered now
          </p>
        ) : null}
        {pinned !== undefined && status === 'open' ? (
          <p className={styles.mark} data-pinned>
            <IconPinFilled size={14} aria-hidden="true" /> Pinned
          </p>
        ) : null}
        <div id={`q-${seq}`} className={styles.text}>
          <MessageText text={text} />
        </div>
        <p className={styles.meta}>
          <span className={styles.name}>{own ? 'You' : (by?.name ?? 'Anonymous')}</span>
          {own && question.anonymous !== undefined ? <span>without your name</span> : null}
          {by !== null && !own ? <RoleBadge role={by.role} /> : null}
          <time dateTime={new Date(at).toISOString()} title={fullText(at)}>
            {clockText(at)}
          </time>
          {merged.length > 0 ? <span>asked {merged.length + 1} times</span> : null}
          {status === 'answered' ? (
            <span className={styles.done}>
              <IconCheck size={14} stroke={2.5} aria-hidden="true" /> Answered
            </span>
          ) : null}
        </p>
        {replies.length > 0 ? (
          <ul className={styles.replies} aria-label="Answers">
            {replies.map((reply) => (
              <li key={reply.seq}>
                <span className={styles.name}>
                  {reply.by.name} <RoleBadge role={reply.by.role} />
                </span>
                <MessageText text={reply.text} />
              </li>
            ))}
          </ul>
        ) : null}
        {kept ? (
          <p className={styles.kept}>
            <IconDeviceMobile size={14} aria-hidden="true" />
            {leaving ? 'You are offline: it goes once you are back.' : 'Your vote is kept on this device.'}
          </p>
        ) : null}
        {own && !leaving && status !== 'answered' ? <TakeBack onTakeBack={() => onTakeBack(seq)} /> : null}
      </div>
      {fixed ? (
        <p className={styles.votes} data-mine={voted || undefined}>
          <strong>{votes}</strong>
          <span>{votes === 1 ? 'vote' : 'votes'}</span>
        </p>
      ) : (
        <button
          type="button"
          className={styles.vote}
          aria-pressed={voted}
          aria-label={`Vote for this question, ${label}`}
          onClick={() => onVote(question, !voted)}
        >
          <IconCaretUpFilled size={22} aria-hidden="true" />
          <strong>{votes}</strong>
        </button>
      )}
    </article>
  )
})
