import { useRoom } from '@plenary/client/react'
import { resultsOf } from '@plenary/kinds'
import { polls } from '@plenary/kinds/client'
import { KeyButton } from '../key-button.tsx'
import { Lines, type LineAct } from '../lines.tsx'
import { PanelState } from '../panel-state.tsx'
import { useActRefusals } from '../refusals.ts'
import { may } from '../may.ts'
import type { PollsRoom, StageRoom } from '../rooms.ts'
import { leftText } from '../time-text.ts'
import { useServerNow } from '../use-server-now.ts'
import { useUndoing } from '../undoing.tsx'
import { showPoll } from './ask-poll.ts'
import { POLL_TYPES, pollDraftOf, pollOfDraft } from './poll-draft.ts'
import { PollResults } from './results.tsx'
import styles from '../queue.module.css'
import type { Poll, PollsDigest, PollStatus, Role } from '@plenary/kinds'

interface PollsPanelProps {
  room: PollsRoom
  stage: StageRoom | null
  role: Role
  onAsk(): void
  onEdit(poll: Poll): void
}

const TICK_MS = 500

/** All polls, those that are open first; results as they come, and one key each for what becomes of a poll. */
export function PollsPanel({ room, stage, role, onAsk, onEdit }: PollsPanelProps) {
  const snapshot = useRoom(room)
  useActRefusals(room)
  const { act } = useUndoing()
  const { view, digest } = snapshot
  const now = useServerNow(TICK_MS)
  if (view === null) return <PanelState snapshot={snapshot} />

  const allowed = (type: string) => may(polls, type, role)
  const results = (poll: Poll) => resultsOf(poll, view, digest as PollsDigest | null)
  const of = (status: PollStatus) => view.polls.filter((poll) => poll.status === status)
  const send = (type: 'open' | 'close' | 'reopen' | 'reveal' | 'archive' | 'restore', { id: poll }: Poll) =>
    room.send(type, { poll })
  const acts: LineAct<Poll>[] = [
    {
      does: 'open',
      label: ({ status }) => (status === 'draft' ? 'Open' : status === 'archived' ? 'Have it back' : 'Open again'),
      kind: 'strong',
      can: ({ status, sealed, revealed, right }) =>
        allowed('open') &&
        (status === 'draft' || status === 'archived' || (status === 'closed' && !sealed && !(revealed && right))),
      run: (poll) => {
        if (poll.status === 'archived') return act(send('restore', poll))
        const open = poll.status === 'draft' ? 'open' : 'reopen'
        act(send(open, poll), { done: `Opened “${poll.title}”`, back: () => send('close', poll) })
      },
    },
    {
      does: 'close',
      label: 'Close',
      can: ({ status }) => status === 'open' && allowed('close'),
      run: (poll) =>
        act(send('close', poll), {
          done: `Closed “${poll.title}”`,
          // A secret poll gives up its single votes as it closes, and stays closed.
          back: () => send('reopen', poll),
        }),
    },
    {
      does: 'reveal',
      label: ({ revealed }) => (revealed ? 'Shown' : 'Show results'),
      can: ({ status, revealed, show, form }) =>
        allowed('reveal') &&
        !revealed &&
        (status === 'closed' || (status === 'open' && show === 'revealed')) &&
        (show === 'revealed' || (form.type === 'choice' && form.quiz !== undefined)),
      run: (poll) => act(send('reveal', poll)),
    },
    {
      does: 'go',
      label: 'To the stage',
      can: ({ status }) => stage !== null && (status === 'open' || status === 'closed'),
      run: ({ id, title }) => stage !== null && act(showPoll(stage, room, id, title)),
    },
    {
      does: 'edit',
      label: 'Edit',
      can: ({ status }) => status === 'draft' && allowed('edit'),
      run: onEdit,
    },
    {
      does: 'archive',
      label: 'Archive',
      can: ({ status }) => status === 'closed' && allowed('archive'),
      run: (poll) =>
        act(send('archive', poll), { done: `Archived “${poll.title}”`, back: () => send('restore', poll) }),
    },
    {
      does: 'delete',
      label: 'Delete',
      kind: 'danger',
      can: ({ status }) => status === 'draft' && allowed('remove'),
      run: (poll) =>
        act(room.send('remove', { poll: poll.id }), {
          done: `Deleted “${poll.title}”`,
          back: async () => {
            const body = pollOfDraft(pollDraftOf(poll))
            if (typeof body !== 'string') await room.send('draft', body)
          },
        }),
    },
  ]
  return (
    <Lines<Poll>
      id="panel-polls"
      label="Polls"
      sections={[
        { title: 'Open', items: of('open') },
        { title: 'Drafts', items: of('draft') },
        { title: 'Closed', items: of('closed').toReversed() },
        { title: 'Archived', items: of('archived').toReversed() },
      ]}
      idOf={({ id }) => id}
      enter={(poll) => poll.status === 'draft' && onEdit(poll)}
      renderLine={(poll) => <PollLine poll={poll} votes={results(poll).votes} now={now} />}
      acts={acts}
      renderMore={(poll) =>
        poll.status === 'draft' ? null : (
          <PollResults
            poll={poll}
            results={results(poll)}
            hide={(text, on) => act(room.send('hide', { poll: poll.id, text, on }))}
          />
        )
      }
      empty={
        <>
          <p>No polls yet. A question with yes and no is asked in a few seconds.</p>
          <KeyButton does="poll" kind="strong" onPress={onAsk}>
            Ask a poll
          </KeyButton>
        </>
      }
    />
  )
}

function PollLine({ poll, votes, now }: { poll: Poll; votes: number; now: number }) {
  const { title, status, form, closesAt, revealed, show } = poll
  const type = form.type === 'choice' && form.quiz !== undefined ? 'quiz' : form.type
  const left = status === 'open' && closesAt !== null ? ` · closes in ${leftText(Math.max(0, closesAt - now))}` : ''
  const hidden = show === 'revealed' && !revealed && (status === 'open' || status === 'closed')
  return (
    <div className={styles.item} data-live={status === 'open' || undefined}>
      <span className={styles.by}>
        <span>
          {POLL_TYPES[type]}
          {left}
        </span>
        {hidden ? <span className={styles.mark}>results not shown</span> : null}
        <span className={styles.votes}>{status === 'draft' ? '' : votes === 1 ? '1 vote' : `${votes} votes`}</span>
      </span>
      <span className={styles.words} dir="auto">
        {title}
      </span>
    </div>
  )
}
