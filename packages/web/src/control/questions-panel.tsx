import { useRoom } from '@plenary/client/react'
import { audienceOf, QUESTIONS_LIMITS, votesOf } from '@plenary/kinds'
import { questions } from '@plenary/kinds/client'
import { useState } from 'react'
import { clockText } from '../chat/times.ts'
import { useBan } from './ban.ts'
import { Lines, type LineAct } from './lines.tsx'
import { PanelState } from './panel-state.tsx'
import { sortQuestions, type QuestionItem } from './question-items.ts'
import { useActRefusals } from './refusals.ts'
import { may } from './may.ts'
import type { QuestionsRoom } from './rooms.ts'
import { SaveButton } from './save-button.tsx'
import { useUndoing } from './undoing.tsx'
import form from './form.module.css'
import styles from './queue.module.css'
import type { api, Question, QuestionsDigest, Seq } from '@plenary/kinds'

interface QuestionsPanelProps {
  room: QuestionsRoom
  /** Where a ban is written down. */
  me: api.Me
}

/** Questions from waiting to answered, the most wanted first; one key each for what becomes of them. */
export function QuestionsPanel({ room, me }: QuestionsPanelProps) {
  const snapshot = useRoom(room)
  useActRefusals(room)
  const { view, digest } = snapshot
  const { act } = useUndoing()
  const ban = useBan()
  if (view === null) return <PanelState snapshot={snapshot} />

  const allowed = (type: string) => may(questions, type, me.role)
  const votes = (question: Question) => votesOf(question, view, digest as QuestionsDigest | null)
  const lists = sortQuestions(view, votes)
  const shown = ({ is }: QuestionItem) => is === 'open' || is === 'live' || is === 'answered'
  const restore = (target: Seq) => () => room.send('restore', { target })
  const acts: LineAct<QuestionItem>[] = [
    {
      does: 'approve',
      label: 'Approve',
      kind: 'strong',
      can: ({ is }) => is === 'held' && allowed('approve'),
      run: ({ question: { seq: target } }) => act(room.send('approve', { target })),
    },
    {
      does: 'live',
      label: ({ is }) => (is === 'live' ? 'Not now' : 'Answer now'),
      can: (item) => shown(item) && allowed('mark'),
      run: ({ is, question: { seq: target } }) =>
        act(room.send('mark', { target, as: is === 'live' ? 'open' : 'live' })),
    },
    {
      does: 'answered',
      label: ({ is }) => (is === 'answered' ? 'Open again' : 'Answered'),
      can: (item) => shown(item) && allowed('mark'),
      run: ({ is, question: { seq: target } }) =>
        act(room.send('mark', { target, as: is === 'answered' ? 'open' : 'answered' })),
    },
    {
      does: 'pin',
      label: ({ question }) => (pinned(question) ? 'Unpin' : 'Pin'),
      can: (item) => shown(item) && allowed('pin'),
      run: ({ question }) => act(room.send('pin', { target: question.seq, on: !pinned(question) })),
    },
    {
      does: 'delete',
      label: ({ is }) => (is === 'held' ? 'Reject' : 'Dismiss'),
      kind: 'danger',
      can: (item) => (shown(item) || item.is === 'held') && allowed('reject'),
      run: ({ is, question: { seq: target } }) =>
        is === 'held'
          ? act(room.send('reject', { target }), { done: 'Rejected a question', back: restore(target) })
          : act(room.send('mark', { target, as: 'dismissed' }), {
              done: 'Dismissed a question',
              back: restore(target),
            }),
    },
    {
      does: 'restore',
      label: 'Have it back',
      can: ({ is }) => (is === 'bin' || is === 'rejected') && allowed('restore'),
      run: ({ question: { seq: target } }) => act(room.send('restore', { target })),
    },
    {
      does: 'ban',
      label: 'Ban',
      kind: 'danger',
      can: ({ question: { by } }) => by !== null && by.id !== me.id && audienceOf(by.role) !== 'staff',
      run: ({ question: { by } }) => by !== null && ban(by),
    },
  ]
  return (
    <>
      <div className={styles.switches}>
        <label className={form.check}>
          <input
            type="checkbox"
            checked={view.hold}
            disabled={!allowed('hold')}
            onChange={({ currentTarget }) => act(room.send('hold', { on: currentTarget.checked }))}
          />
          Approve first
        </label>
        <label className={form.check}>
          <input
            type="checkbox"
            checked={!view.closed}
            disabled={!allowed('close')}
            onChange={({ currentTarget }) => act(room.send('close', { on: !currentTarget.checked }))}
          />
          Taking questions
        </label>
      </div>
      <Lines<QuestionItem>
        id="panel-questions"
        label="Questions"
        sections={lists}
        idOf={({ question }) => `question-${question.seq}`}
        renderLine={(item) => (
          <QuestionLine item={item} votes={'votes' in item.question ? votes(item.question) : null} />
        )}
        acts={acts}
        renderMore={(item) =>
          shown(item) ? (
            <More
              key={item.question.seq}
              room={room}
              item={item}
              others={lists[2]?.items ?? []}
              mayMerge={allowed('merge')}
            />
          ) : null
        }
        empty={<p>Nobody has asked anything yet.</p>}
      />
    </>
  )
}

function pinned(question: QuestionItem['question']): boolean {
  return 'pinned' in question && question.pinned !== undefined
}

function QuestionLine({ item: { is, question, why }, votes }: { item: QuestionItem; votes: number | null }) {
  return (
    <div className={styles.item} data-live={is === 'live' || undefined}>
      <span className={styles.by}>
        <strong>{question.by?.name ?? 'Anonymous'}</strong>
        {question.anonymous && question.by ? <span>anonymous to others</span> : null}
        {pinned(question) ? <span className={styles.mark}>pinned</span> : null}
        {is === 'live' ? <span className={styles.mark}>being answered</span> : null}
        {why === undefined ? null : <span className={styles.mark}>{why}</span>}
        <span className={styles.votes}>
          {votes === null ? clockText(question.at) : votes === 1 ? '1 vote' : `${votes} votes`}
        </span>
      </span>
      <span className={styles.words} dir="auto">
        {question.text}
      </span>
      {'replies' in question
        ? question.replies.map((reply) => (
            <small key={reply.seq} dir="auto">
              {reply.by.name}: {reply.text}
            </small>
          ))
        : null}
    </div>
  )
}

interface MoreProps {
  room: QuestionsRoom
  item: QuestionItem
  others: readonly QuestionItem[]
  mayMerge: boolean
}

/** An answer in writing, and putting a duplicate under the question that it repeats. */
function More({ room, item: { question }, others, mayMerge }: MoreProps) {
  const [reply, setReply] = useState('')
  const { act } = useUndoing()
  const target = question.seq
  const into = others.filter((other) => other.question.seq !== target)
  return (
    <form
      className={styles.more}
      onSubmit={(event) => {
        event.preventDefault()
        if (reply.trim() === '') return
        act(room.send('reply', { target, text: reply.trim() }))
        setReply('')
      }}
    >
      <input
        aria-label="Reply in writing"
        placeholder="Reply in writing"
        value={reply}
        maxLength={QUESTIONS_LIMITS.replyChars}
        onChange={({ currentTarget }) => setReply(currentTarget.value)}
      />
      <SaveButton busy={reply.trim() === ''}>Reply</SaveButton>
      {mayMerge && into.length > 0 ? (
        <select
          aria-label="The same as"
          value=""
          onChange={({ currentTarget }) =>
            act(room.send('merge', { target, into: Number(currentTarget.value) }), {
              done: 'Merged a question',
              back: () => room.send('restore', { target }),
            })
          }
        >
          <option value="">The same as…</option>
          {into.map((other) => (
            <option key={other.question.seq} value={other.question.seq}>
              {other.question.text.slice(0, EXCERPT_CHARS)}
            </option>
          ))}
        </select>
      ) : null}
    </form>
  )
}

const EXCERPT_CHARS = 60
