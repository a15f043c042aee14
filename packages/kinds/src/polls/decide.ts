import type { Millis } from '../ids.ts'
import type { Actor, Refusal } from '../kind.ts'
import { own } from '../own.ts'
import { closed, opened, reopenedPoll, revealedPoll, specOf, withHidden } from './change-poll.ts'
import type { PollsCommand, PollsCommandBody } from './commands.ts'
import { POLLS_LIMITS, type Poll, type PollId, type PollsState, type StoredPoll } from './model.ts'
import { ALREADY, CLOSED, GONE, no, yes, type Drafts, type Outcome } from './outcome.ts'
import { allScored, boardAfter, solutionOf } from './points.ts'
import { openPolls, telling } from './results.ts'
import { vote } from './vote.ts'

/** What a room for polls says to a command. */
export function decide(state: PollsState, command: PollsCommand, by: Actor, now: Millis): Outcome {
  if (by.role === 'system') return no('not_a_person', 'Only people vote here.')
  if (command.type === 'draft') return draft(state, command.body)
  if (command.type === 'clearBoard') return clearBoard(state)
  const stored = own(state.polls, command.body.poll)
  if (stored === undefined) return GONE
  switch (command.type) {
    case 'edit':
      return edit(stored, command.body)
    case 'remove':
      return remove(stored)
    case 'open':
      return open(state, stored, now)
    case 'close':
      return close(state, stored, now)
    case 'reopen':
      return reopen(state, stored, now)
    case 'reveal':
      return reveal(state, stored)
    case 'archive':
      return archive(stored)
    case 'restore':
      return restore(stored)
    case 'hide':
      return hide(state, stored, command.body)
    case 'vote':
      return vote(state, stored, command.body.answer, by, now)
  }
}

/** What happens by itself: polls close at the end of their time, and the log gets the results. */
export function timeout(state: PollsState, now: Millis): Drafts {
  const current = openPolls(state)
  const due = current.filter(({ shown }) => shown.closesAt !== null && shown.closesAt <= now)
  const ended = due.map(({ shown }) => ({ type: 'close' as const, body: closing(shown), anonymous: true }))
  const rest = state.untalliedSince === null ? [] : current.filter((stored) => !due.includes(stored))
  const told = [...due.map((stored) => closed(stored, now)), ...rest]
  return told.length === 0 && state.untalliedSince === null ? [] : [...ended, ...telling(state, told)]
}

function draft(state: PollsState, body: PollsCommandBody<'draft'>): Outcome {
  if (Object.keys(state.polls).length >= POLLS_LIMITS.polls)
    return no('polls_full', `${POLLS_LIMITS.polls} polls are here already. Remove one first.`)
  return yes({ type: 'draft', body: { poll: specOf(body) } })
}

function edit({ shown }: StoredPoll, { poll, ...body }: PollsCommandBody<'edit'>): Outcome {
  if (shown.status !== 'draft') return no('not_a_draft', 'That poll was opened already, so it stays as it is.')
  return yes({ type: 'edit', body: { poll, spec: specOf(body) } })
}

function remove({ shown }: StoredPoll): Outcome {
  if (shown.status === 'draft' || shown.status === 'archived') return yes({ type: 'remove', body: { poll: shown.id } })
  return no('in_sight', 'Archive the poll first.')
}

/** Votes in other polls beside it would say who was there when, and so whose vote is whose. */
const ALONE = no('secret_alone', 'A secret poll is held on its own. Close what is open first.')
const OPEN_FULL = no('open_full', `${POLLS_LIMITS.open} polls are open already. Close one first.`)

function open(state: PollsState, { shown }: StoredPoll, now: Millis): Outcome {
  if (shown.status === 'open') return ALREADY
  if (shown.status !== 'draft') return no('not_a_draft', 'That poll was open already. Reopen it, or draft it anew.')
  const full = fullFor(state, shown)
  if (full !== null) return full
  return yes({ type: 'open', body: { poll: opened(shown, now) } })
}

function fullFor(state: PollsState, { privacy }: Poll): Refusal | null {
  const beside = openPolls(state).length
  if (state.secret.length > 0 || (privacy === 'secret' && beside > 0)) return ALONE
  return beside >= POLLS_LIMITS.open ? OPEN_FULL : null
}

function closing({ id, privacy }: Poll): { poll: PollId; sealed?: true } {
  return privacy === 'secret' ? { poll: id, sealed: true } : { poll: id }
}

function close(state: PollsState, stored: StoredPoll, now: Millis): Outcome {
  const { status } = stored.shown
  if (status === 'closed') return ALREADY
  if (status !== 'open') return no('not_open', 'That poll is not open.')
  return yes({ type: 'close', body: closing(stored.shown) }, ...also(state, closed(stored, now)))
}

function reopen(state: PollsState, { shown, right }: StoredPoll, now: Millis): Outcome {
  if (shown.status === 'open') return ALREADY
  if (shown.status !== 'closed') return CLOSED
  if (shown.sealed) return no('sealed', 'Its single votes are gone, so nobody could be kept from voting twice.')
  if (shown.revealed && right !== null) return no('answers_known', 'Its right answers are known by now.')
  const full = fullFor(state, shown)
  if (full !== null) return full
  const { closesAt } = reopenedPoll(shown, shown.seconds === null ? null : now + shown.seconds * 1_000)
  return yes({ type: 'reopen', body: { poll: shown.id, closesAt } })
}

function reveal(state: PollsState, stored: StoredPoll): Outcome {
  const { shown, right } = stored
  if (shown.revealed) return ALREADY
  if (shown.status === 'draft' || shown.status === 'archived') return no('not_in_sight', 'Nobody can see that poll.')
  if (shown.status === 'open' && (right !== null || shown.privacy === 'secret'))
    return no('still_open', 'Close the poll first.')
  const quiz = solutionOf(stored)
  const after = { ...stored, shown: revealedPoll(shown, quiz?.right) }
  const body = quiz === null ? { poll: shown.id } : { poll: shown.id, quiz }
  const lines = quiz?.board === true ? boardAfter(state, allScored(stored, quiz)) : null
  return yes(
    { type: 'reveal', body },
    ...also(state, after),
    ...(lines === null ? [] : [{ type: 'board' as const, body: { lines }, anonymous: true }]),
  )
}

/** Tells of this poll, and of all others that have something to tell: a tally is of all. */
function also(state: PollsState, stored: StoredPoll): Drafts {
  const others = openPolls(state).filter(({ shown }) => shown.id !== stored.shown.id)
  return telling(state, [stored, ...(state.untalliedSince === null ? [] : others)])
}

function archive({ shown: { id, status } }: StoredPoll): Outcome {
  if (status === 'archived') return ALREADY
  if (status !== 'closed') return no('not_closed', 'Close the poll first.')
  return yes({ type: 'archive', body: { poll: id } })
}

function restore({ shown }: StoredPoll): Outcome {
  if (shown.status === 'closed' || shown.status === 'open') return ALREADY
  if (shown.status === 'draft') return no('not_archived', 'That poll is a draft.')
  return yes({ type: 'restore', body: { poll: { ...shown, status: 'closed' } } })
}

function hide(state: PollsState, stored: StoredPoll, { text, on }: PollsCommandBody<'hide'>): Outcome {
  const { id, form, status, privacy } = stored.shown
  if (status === 'open' && privacy === 'secret') return no('still_open', 'Close the poll first.')
  const word = form.type === 'words' ? text.toLowerCase() : text
  if (stored.hidden.includes(word) === on) return ALREADY
  const known =
    form.type === 'words' ? Object.hasOwn(stored.words, word) : stored.texts.some((one) => one.text === word)
  if (on && !known) return no('gone', 'Nobody wrote that.')
  if (on && stored.hidden.length >= POLLS_LIMITS.hidden) return no('hidden_full', 'Enough is hidden there already.')
  const after = { ...stored, hidden: withHidden(stored.hidden, word, on) }
  const tells = status === 'open' || status === 'closed' ? also(state, after) : telling(state, [after])
  return yes({ type: 'hide', body: { poll: id, text: word, on } }, ...tells)
}

function clearBoard({ board, people }: PollsState): Outcome {
  const scored = board.length > 0 || Object.values(people).some(({ points }) => points > 0)
  return scored ? yes({ type: 'clearBoard', body: {} }) : ALREADY
}
