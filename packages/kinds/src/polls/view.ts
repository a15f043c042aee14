import { own } from '../own.ts'
import type { Audience } from '../roles.ts'
import { archivedPoll, closedPoll, drafted, forStaff, reopenedPoll, revealedPoll, withHidden } from './change-poll.ts'
import type { Poll, PollId, PollsEntry, PollsState, PollsView, Results } from './model.ts'

/** What someone of this audience sees who joins now. */
export function view(state: PollsState, audience: Audience): PollsView {
  const { board, tallies } = state
  if (audience === 'staff') return { polls: Object.values(state.polls).map(forStaff), board, tallies, staff: true }
  const polls = state.lineup.flatMap((id) => own(state.polls, id)?.shown ?? [])
  return { polls, board, tallies }
}

/** The same view one entry later; unchanged parts are the same objects. */
export function evolveView(seen: PollsView, entry: PollsEntry): PollsView {
  switch (entry.type) {
    case 'draft':
      return { ...seen, polls: [...seen.polls, forStaff(drafted(entry.id, entry.body.poll))] }
    case 'edit': {
      const { poll, spec } = entry.body
      return each(seen, poll, () => forStaff(drafted(poll, spec)))
    }
    case 'remove':
      return without(seen, entry.body.poll)
    case 'open':
      return inSight(seen, entry.body.poll)
    case 'close':
      return each(seen, entry.body.poll, (poll) => closedPoll(poll, entry.at))
    case 'reopen':
      return each(seen, entry.body.poll, (poll) => reopenedPoll(poll, entry.body.closesAt))
    case 'reveal':
      return each(seen, entry.body.poll, (poll) => revealedPoll(poll, entry.body.quiz?.right))
    case 'archive':
      return seen.staff === true ? each(seen, entry.body.poll, archivedPoll) : without(seen, entry.body.poll)
    case 'restore':
      return inSight(seen, entry.body.poll)
    case 'hide': {
      const { text, on } = entry.body
      return each(seen, entry.body.poll, (poll) => ({ ...poll, hidden: withHidden(poll.hidden ?? [], text, on) }))
    }
    case 'tally':
      return { ...counted(seen, entry.body.results), tallies: seen.tallies + 1 }
    case 'counted':
      return counted(seen, entry.body.results)
    case 'board':
      return { ...seen, board: entry.body.lines }
    case 'clearBoard':
      return { ...seen, board: [] }
    case 'vote':
      return seen
  }
}

function each(seen: PollsView, id: PollId, change: (poll: Poll) => Poll): PollsView {
  return { ...seen, polls: seen.polls.map((poll) => (poll.id === id ? change(poll) : poll)) }
}

function without(seen: PollsView, id: PollId): PollsView {
  return { ...seen, polls: seen.polls.filter((poll) => poll.id !== id) }
}

/** Staff keep what only they know of it. */
function inSight(seen: PollsView, poll: Poll): PollsView {
  if (seen.staff !== true) return { ...seen, polls: [...seen.polls, poll] }
  return each(seen, poll.id, ({ right, hidden, results }) => ({
    ...poll,
    results,
    ...(right === undefined ? {} : { right }),
    ...(hidden === undefined ? {} : { hidden }),
  }))
}

function counted(seen: PollsView, results: Record<PollId, Results>): PollsView {
  const polls = seen.polls.map((poll) => {
    const told = own(results, poll.id)
    return told === undefined ? poll : { ...poll, results: told }
  })
  return { ...seen, polls }
}
