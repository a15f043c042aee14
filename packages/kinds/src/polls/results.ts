import type { Millis, UserId } from '../ids.ts'
import type { Json } from '../kind.ts'
import { own } from '../own.ts'
import type { Audience } from '../roles.ts'
import {
  POLLS_LIMITS,
  type MyVote,
  type Poll,
  type PollId,
  type PollsDigest,
  type PollsMine,
  type PollsState,
  type PollsView,
  type Results,
  type StoredPoll,
  type TextAnswer,
} from './model.ts'
import type { Drafts } from './outcome.ts'

/** Whether this audience may see more than how many have voted. A secret poll shows nothing to anyone before it is closed. */
function mayCount({ shown }: StoredPoll, audience: Audience): boolean {
  if (shown.privacy === 'secret' && shown.status === 'open') return false
  return audience === 'staff' || shown.revealed || shown.show === 'live'
}

function mayName({ shown }: StoredPoll, audience: Audience): boolean {
  return shown.privacy === 'named' || (shown.privacy === 'hidden' && audience === 'staff')
}

/** The numbers alone, as they stand. */
function numbersOf(stored: StoredPoll, audience: Audience): Results {
  const { votes, counts, shown } = stored
  if (!mayCount(stored, audience)) return { votes }
  switch (shown.form.type) {
    case 'choice':
    case 'rating':
      return { votes, counts: [...counts] }
    case 'words':
    case 'text':
      // What people write is told by the log first.
      return { votes }
  }
}

function mostFrequent({ words, hidden }: StoredPoll): [string, number][] {
  return Object.entries(words)
    .filter(([word]) => !hidden.includes(word))
    .toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, POLLS_LIMITS.wordsShown)
}

/** All that this audience may see of the results, as they stand. */
function wholeOf(state: PollsState, stored: StoredPoll, audience: Audience): Results {
  const numbers = numbersOf(stored, audience)
  const { type } = stored.shown.form
  if (!mayCount(stored, audience)) return numbers
  if (type === 'words') return { ...numbers, words: mostFrequent(stored) }
  if (type === 'text') return { ...numbers, texts: textsOf(state, stored, audience) }
  if (type !== 'choice' || !mayName(stored, audience)) return numbers
  return { ...numbers, names: namesOf(state, stored) }
}

function textsOf({ people }: PollsState, stored: StoredPoll, audience: Audience): TextAnswer[] {
  const named = mayName(stored, audience)
  return stored.texts
    .filter(({ text }) => !stored.hidden.includes(text))
    .slice(-POLLS_LIMITS.textsShown)
    .map(({ who, text }) => {
      const name = who === null || !named ? undefined : own(people, who)?.name
      return who === null || name === undefined ? { text } : { text, by: { id: who, name } }
    })
}

function namesOf({ people }: PollsState, { shown, staff, counts, ballots }: StoredPoll): string[][] {
  // The single votes are gone; who was named stays named.
  if (shown.sealed) return staff.names ?? counts.map(() => [])
  const names = counts.map((): string[] => [])
  for (const [user, { answer }] of Object.entries(ballots) as [UserId, MyVote][]) {
    const name = own(people, user)?.name
    if (name === undefined || !('picks' in answer)) continue
    for (const index of answer.picks) {
      const list = names[index]
      if (list !== undefined && list.length < POLLS_LIMITS.namesShown) list.push(name)
    }
  }
  return names
}

/** Tells each audience what it may see of these polls, as they stand. */
export function telling(state: PollsState, polls: readonly StoredPoll[]): Drafts {
  const everyone: Record<PollId, Results> = {}
  const staff: Record<PollId, Results> = {}
  for (const stored of polls) {
    const { id } = stored.shown
    everyone[id] = wholeOf(state, stored, 'everyone')
    const more = wholeOf(state, stored, 'staff')
    if (JSON.stringify(more) !== JSON.stringify(everyone[id])) staff[id] = more
  }
  const tally: Drafts = [{ type: 'tally', body: { results: everyone }, anonymous: true }]
  if (Object.keys(staff).length > 0) tally.push({ type: 'counted', body: { results: staff }, anonymous: true })
  return tally
}

/** Polls in which somebody can vote. */
export function openPolls(state: PollsState): StoredPoll[] {
  return state.lineup.flatMap((id) => {
    const stored = own(state.polls, id)
    return stored?.shown.status === 'open' ? [stored] : []
  })
}

/** A few numbers, however many vote; null while the view has them all. */
export function digest(state: PollsState, audience: Audience): Json {
  const results: PollsDigest['results'] = {}
  for (const stored of openPolls(state)) {
    const numbers = numbersOf(stored, audience)
    const { votes, counts } = audience === 'staff' ? stored.staff : stored.shown.results
    const told = { votes, ...(counts === undefined ? {} : { counts }) }
    if (JSON.stringify(numbers) !== JSON.stringify(told)) results[stored.shown.id] = numbers
  }
  if (state.untalliedSince === null && Object.keys(results).length === 0) return null
  return { tallies: state.tallies, results } satisfies PollsDigest as unknown as Json
}

/** When a poll closes by itself, or the log is due to have the results. */
export function deadline(state: PollsState): Millis | null {
  const due = openPolls(state).flatMap(({ shown }) => (shown.closesAt === null ? [] : [shown.closesAt]))
  if (state.untalliedSince !== null) due.push(state.untalliedSince + POLLS_LIMITS.tallyMs)
  return due.length === 0 ? null : Math.min(...due)
}

/** A poll's results now: of view and digest, whichever is newer. */
export function resultsOf(poll: Poll, view: PollsView, newest: PollsDigest | null): Results {
  if (newest === null || newest.tallies < view.tallies) return poll.results
  const numbers = own(newest.results, poll.id)
  return numbers === undefined ? poll.results : { ...poll.results, ...numbers }
}

/** My vote in it; null when I have none, or the poll keeps none any more. */
export function myVote(mine: PollsMine, poll: Poll): MyVote | null {
  return own(mine.votes, poll.id) ?? null
}
