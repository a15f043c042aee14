import { setTimeout as sleep } from 'node:timers/promises'
import { myVote, PlenaryError, polls, type PollId, type Results } from '@plenary/kinds'
import { createClient } from '../../client.ts'
import { memoryStorage } from '../../storage.ts'
import { roomOf, type Attendee } from '../attendee.ts'
import { Histogram } from '../measure.ts'
import { Ballots } from './ballots.ts'

const OPTIONS = ['North', 'East', 'South', 'West']
/** The share of people who vote once more: half of them the same again, the others something else. */
const AGAIN_SHARE = 0.2
/** The share of the time in which people begin to vote, so that the last ones end within it, too. */
const BEGIN_SHARE = 0.9
const RESULT_MS_MAX = 30_000

export type Voter = Attendee<typeof polls>

/** The organiser of a new event, in its room for polls. Throws `PlenaryError`. */
export async function begin(url: string, signal: AbortSignal): Promise<Voter> {
  const client = createClient({ url, storage: memoryStorage() })
  const { event } = await client.createEvent({ title: 'A poll', name: 'Organiser' })
  return roomOf(polls, await client.open(event.id), signal)
}

/** Drafts and opens a choice of one, whose results everyone sees from the first vote on. */
export async function openPoll({ room }: Voter): Promise<PollId> {
  const drafted = room.send('draft', {
    title: 'Where to?',
    form: { type: 'choice', options: OPTIONS, max: 1 },
    privacy: 'hidden',
    show: 'live',
    change: true,
  })
  // The command's id is the poll's.
  const id = room.snapshot.pending.at(-1)?.id
  await drafted
  if (id === undefined) throw new Error('What was just sent is pending.')
  await room.send('open', { poll: id })
  return id
}

/** What came of the voting. */
export interface Voted {
  ballots: Ballots
  acknowledged: Histogram
  refused: number
  /** From the beginning to the last answer. */
  tookMs: number
}

/** Each votes at a moment of its own within so many seconds, some of them twice. */
export async function vote(
  voters: readonly Voter[],
  poll: PollId,
  seconds: number,
  signal: AbortSignal,
): Promise<Voted> {
  const ballots = new Ballots(OPTIONS.length)
  const acknowledged = new Histogram()
  let refused = 0
  const start = performance.now()
  const put = async (voter: Voter, option: number) => {
    const sentAt = performance.now()
    try {
      await voter.room.send('vote', { poll, answer: { picks: [option] } })
      acknowledged.add(performance.now() - sentAt)
      ballots.put(voter.session.me.id, option)
    } catch (error) {
      if (!(error instanceof PlenaryError)) throw error
      refused++
    }
  }
  await Promise.all(
    voters.map(async (voter) => {
      await sleep(Math.random() * seconds * 1_000 * BEGIN_SHARE, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      const option = Math.floor(Math.random() * OPTIONS.length)
      await put(voter, option)
      const dice = Math.random()
      if (dice < AGAIN_SHARE / 2) await put(voter, option)
      else if (dice < AGAIN_SHARE) await put(voter, (option + 1) % OPTIONS.length)
    }),
  )
  return { ballots, acknowledged, refused, tookMs: performance.now() - start }
}

/** What this person is told of the poll once it is closed and revealed, and of its own vote; null when that does not come. */
export function outcomeFor(
  { room }: Voter,
  poll: PollId,
): Promise<{ results: Pick<Results, 'votes' | 'counts'>; mine: number | null } | null> {
  return new Promise((resolve) => {
    const look = () => {
      const { view, mine, state } = room.snapshot
      const shown = view?.polls.find(({ id, status, revealed }) => id === poll && status === 'closed' && revealed)
      if (state === 'refused') return end(null)
      if (shown === undefined || mine === null) return
      const { votes, counts } = shown.results
      const answer = myVote(mine, shown)?.answer
      end({
        results: { votes, ...(counts === undefined ? {} : { counts }) },
        mine: answer !== undefined && 'picks' in answer ? (answer.picks[0] ?? null) : null,
      })
    }
    const end = (outcome: Awaited<ReturnType<typeof outcomeFor>>) => {
      clearTimeout(timer)
      unsubscribe()
      resolve(outcome)
    }
    const timer = setTimeout(() => end(null), RESULT_MS_MAX)
    const unsubscribe = room.subscribe(look)
    look()
  })
}
