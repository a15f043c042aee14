import { isDeepStrictEqual } from 'node:util'
import { polls, POLLS_LIMITS } from '@plenary/kinds'
import { socketIoTransport } from '../../transport-socketio.ts'
import type { Act } from '../act.ts'
import { arrive } from '../arrive.ts'
import { attend } from '../attendee.ts'
import { overheard } from './overheard.ts'
import { mostWithin, perSecond } from './pace.ts'
import { begin, openPoll, outcomeFor, vote, type Voter } from './poll.ts'

const DIGESTS_PER_SECOND_MAX = 1_000 / POLLS_LIMITS.digestMs

/** They vote in a poll of an event of their own; what each is told in the end is held against what was acknowledged. */
export const pollsAct: Act = {
  inEvent: false,
  seconds: 10,
  async run({ url, people, seconds }, progress, signal) {
    const owner = await begin(url, signal)
    const voters: Voter[] = []
    /** When each client heard each digest. */
    const digests: number[][] = []
    const comeIn = async (name: string, stop: AbortSignal): Promise<Voter> => {
      const times: number[] = []
      digests.push(times)
      const transport = overheard(socketIoTransport, (message) => {
        if (message.name === 'digest') times.push(performance.now())
      })
      const voter = await attend(polls, { url, code: owner.session.event.code, name, signal: stop, transport })
      voters.push(voter)
      return voter
    }
    try {
      await arrive(people, signal, async (number, stop) => {
        await comeIn(`Voter ${number}`, stop)
        if (voters.length % 200 === 0 || voters.length === people) progress(`${voters.length} of ${people} are in`)
      })
      const poll = await openPoll(owner)
      progress(`the poll is open; they vote for ${seconds} s`)
      const { ballots, acknowledged, refused, tookMs } = await vote([...voters], poll, seconds, signal)
      progress('the poll closes; looking at what everyone is told')
      await owner.room.send('close', { poll })
      await owner.room.send('reveal', { poll })
      // One who comes in only now is told the same.
      await comeIn('Latecomer', signal)
      const official = await outcomeFor(owner, poll)
      const told = await Promise.all(
        voters.map(async (voter) => {
          const outcome = await outcomeFor(voter, poll)
          return isDeepStrictEqual(outcome, {
            results: official?.results,
            mine: ballots.of(voter.session.me.id),
          })
        }),
      )
      const report = {
        people,
        voted: ballots.people,
        acknowledged: acknowledged.total,
        refused,
        tookMs: Math.round(tookMs),
        ...ballots.against(official?.results ?? { votes: 0 }),
        misinformed: told.filter((right) => !right).length,
        digests: digests.reduce((sum, times) => sum + times.length, 0),
        digestsPerSecondMax: Math.max(...digests.map(perSecond)),
        digestsInOneSecondMax: Math.max(...digests.map((times) => mostWithin(times, 1_000))),
        ackP50Ms: acknowledged.quantile(0.5),
        ackP99Ms: acknowledged.quantile(0.99),
      }
      const wrong = report.lost + report.extra + report.misinformed + report.refused
      return {
        ok:
          wrong === 0 &&
          report.voted === people &&
          report.tookMs <= seconds * 1_000 &&
          report.digests > 0 &&
          report.digestsPerSecondMax <= DIGESTS_PER_SECOND_MAX,
        rows: [
          ['people who voted', report.voted],
          ['acknowledged', report.acknowledged],
          ['refused', report.refused],
          ['took', `${report.tookMs} ms`],
          ['lost', report.lost],
          ['counted too often', report.extra],
          ['told otherwise', report.misinformed],
          ['digests', report.digests],
          ['a second, at most', report.digestsPerSecondMax.toFixed(2)],
          ['in any one second', report.digestsInOneSecondMax],
          ['acknowledgement p50', `${report.ackP50Ms ?? '–'} ms`],
          ['acknowledgement p99', `${report.ackP99Ms ?? '–'} ms`],
        ],
        report,
      }
    } finally {
      for (const { session } of [owner, ...voters]) session.close()
    }
  },
}
