import type { UserId } from '../ids.ts'
import { own } from '../own.ts'
import { archived, closed, drafted, reopenedPoll, revealedPoll, specOf, withHidden } from './change-poll.ts'
import type { PollsSettings } from './commands.ts'
import type { PollId, PollsBodies, PollsEntry, PollsEntryOf, PollsState, Results, StoredPoll } from './model.ts'
import { allScored } from './points.ts'

/** A room with the polls that were drafted for it. */
export function initial({ drafts }: PollsSettings): PollsState {
  const polls = Object.fromEntries(drafts.map(({ id, ...body }) => [id, drafted(id, specOf(body))]))
  return { polls, lineup: [], people: {}, board: [], voteCount: 0, tallies: 0, secret: [], untalliedSince: null }
}

/** Folds one entry into the state, in place. */
export function evolve(state: PollsState, entry: PollsEntry): PollsState {
  apply(state, entry)
  return state
}

function apply(state: PollsState, entry: PollsEntry): void {
  switch (entry.type) {
    case 'draft':
      state.polls[entry.id] = drafted(entry.id, entry.body.poll)
      return
    case 'edit':
      state.polls[entry.body.poll] = drafted(entry.body.poll, entry.body.spec)
      return
    case 'remove':
      delete state.polls[entry.body.poll]
      return
    case 'open':
      state.lineup.push(entry.body.poll.id)
      if (entry.body.poll.privacy === 'secret') state.secret = [...state.secret, entry.body.poll.id]
      return show(state, entry.body.poll.id, () => entry.body.poll)
    case 'close':
      if (entry.body.sealed === true) state.secret = state.secret.filter((id) => id !== entry.body.poll)
      return seal(state, entry.body.poll, (stored) => closed(stored, entry.at))
    case 'reopen':
      return show(state, entry.body.poll, (poll) => reopenedPoll(poll, entry.body.closesAt))
    case 'reveal':
      return reveal(state, entry.body)
    case 'archive':
      state.lineup = state.lineup.filter((id) => id !== entry.body.poll)
      return seal(state, entry.body.poll, archived)
    case 'restore':
      state.lineup.push(entry.body.poll.id)
      return show(state, entry.body.poll.id, () => entry.body.poll)
    case 'hide': {
      const { text, on } = entry.body
      return change(state, entry.body.poll, (stored) => ({ ...stored, hidden: withHidden(stored.hidden, text, on) }))
    }
    case 'vote':
      return vote(state, entry)
    case 'tally':
      state.tallies += 1
      state.untalliedSince = null
      return told(state, entry.body.results, (stored, results) => ({
        ...stored,
        shown: { ...stored.shown, results },
        staff: results,
      }))
    case 'counted':
      return told(state, entry.body.results, (stored, staff) => ({ ...stored, staff }))
    case 'board':
      state.board = entry.body.lines
      return
    case 'clearBoard':
      for (const person of Object.values(state.people)) person.points = 0
      state.board = []
      return
  }
}

function change(state: PollsState, id: PollId, make: (stored: StoredPoll) => StoredPoll): void {
  const stored = own(state.polls, id)
  if (stored !== undefined) state.polls[id] = make(stored)
}

function show(state: PollsState, id: PollId, make: (poll: StoredPoll['shown']) => StoredPoll['shown']): void {
  change(state, id, (stored) => ({ ...stored, shown: make(stored.shown) }))
}

function seal(state: PollsState, id: PollId, make: (stored: StoredPoll) => StoredPoll): void {
  change(state, id, (stored) => {
    const after = make(stored)
    state.voteCount -= Object.keys(stored.ballots).length - Object.keys(after.ballots).length
    return after
  })
}

function told(
  state: PollsState,
  results: Record<PollId, Results>,
  make: (stored: StoredPoll, results: Results) => StoredPoll,
): void {
  for (const [id, each] of Object.entries(results) as [PollId, Results][])
    change(state, id, (stored) => make(stored, each))
}

function reveal(state: PollsState, { poll, quiz }: PollsBodies['reveal']): void {
  const stored = own(state.polls, poll)
  if (stored === undefined) return
  const scoredVotes = quiz === undefined ? [] : allScored(stored, quiz)
  for (const [voter, ballot] of scoredVotes) {
    stored.ballots[voter] = ballot
    const person = quiz?.board === true ? own(state.people, voter) : undefined
    if (person !== undefined) person.points += ballot.points ?? 0
  }
  state.polls[poll] = { ...stored, shown: revealedPoll(stored.shown, quiz?.right) }
}

function vote(state: PollsState, entry: PollsEntryOf<'vote'>): void {
  const { poll, answer, afterMs } = entry.body
  const stored = own(state.polls, poll)
  const who = voterOf(entry)
  if (stored === undefined || who === null) return
  if (Object.hasOwn(stored.ballots, who)) {
    take(stored, who, -1)
    delete stored.ballots[who]
  } else {
    state.voteCount += 1
    stored.votes += 1
  }
  stored.ballots[who] = { answer, afterMs }
  take(stored, who, 1)
  if (entry.by !== null) {
    const points = own(state.people, who)?.points ?? 0
    state.people[who] = { name: entry.by.name, points }
    state.untalliedSince ??= entry.at
  }
}

/** Whose vote it is; null when the log does not say. */
function voterOf({ by, body }: PollsEntryOf<'vote'>): UserId | null {
  return by?.id ?? body.alias ?? null
}

/** Counts the vote that this person has in the state, or takes it out of the count. */
function take(stored: StoredPoll, who: UserId, by: 1 | -1): void {
  const answer = own(stored.ballots, who)?.answer
  if (answer === undefined) return
  if ('picks' in answer) for (const index of answer.picks) count(stored, index, by)
  else if ('rating' in answer) count(stored, answer.rating - 1, by)
  else if ('words' in answer) {
    for (const word of answer.words) {
      const left = (own(stored.words, word) ?? 0) + by
      if (left > 0) stored.words[word] = left
      else delete stored.words[word]
    }
  } else if (by > 0) stored.texts.push({ who, text: answer.text })
  else stored.texts = stored.texts.filter((text) => text.who !== who)
}

function count({ counts }: StoredPoll, index: number, by: 1 | -1): void {
  const known = counts[index]
  if (known !== undefined) counts[index] = known + by
}
