import { PlenaryError, type BoardGame } from '@plenary/kinds'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Act } from '../act.ts'
import { arrive } from '../arrive.ts'
import { Histogram } from '../measure.ts'
import type { GameCheck } from './checks.ts'
import { playGame, sitDown, type Played, type Player } from './play-game.ts'

/** How long one thinks: so many milliseconds for each two people, so that all of them play for a while at the same time. */
const THINK_MS_MAX = 4_000

/** They play, two at a board, all boards at once; every result is held against a check of its own. */
export function gameAct(game: BoardGame, check: GameCheck): Act {
  return {
    inEvent: false,
    async run({ url, people }, progress, signal) {
      const boards = Math.max(1, Math.floor(people / 2))
      const tables: (readonly [Player, Player])[] = []
      const acknowledged = new Histogram()
      try {
        await arrive(boards, signal, async (number, stop) => {
          tables.push(await sitDown(url, game, number, stop))
          if (tables.length % 100 === 0 || tables.length === boards)
            progress(`${tables.length} of ${boards} games have begun`)
        })
        const atOnce = tables.length
        const waitMs = () => sleep(Math.random() * THINK_MS_MAX)
        let ended = 0
        const games = await Promise.all(
          tables.map(async (players): Promise<Played> => {
            try {
              return await playGame(players, game, check, { signal, random: Math.random, waitMs, acknowledged })
            } catch (error) {
              const why = error instanceof PlenaryError ? error.message : String(error)
              return { moves: 0, outcome: 'unfinished', refused: 0, faults: [why] }
            } finally {
              ended++
              if (ended % 100 === 0 || ended === boards) progress(`${ended} of ${boards} games are over`)
            }
          }),
        )
        const count = (outcome: Played['outcome']) => games.filter((played) => played.outcome === outcome).length
        const wrong = games.filter(({ faults }) => faults.length > 0)
        const report = {
          games: boards,
          atOnce,
          moves: games.reduce((sum, { moves }) => sum + moves, 0),
          refused: games.reduce((sum, { refused }) => sum + refused, 0),
          wonByFirst: count('first'),
          wonBySecond: count('second'),
          draws: count('draw'),
          unfinished: count('unfinished'),
          wrong: wrong.length,
          ackP50Ms: acknowledged.quantile(0.5),
          ackP99Ms: acknowledged.quantile(0.99),
        }
        for (const { faults } of wrong.slice(0, FAULTS_SHOWN)) progress(`wrong: ${faults.join('; ')}`)
        return {
          ok: report.wrong === 0 && report.unfinished === 0 && atOnce === boards,
          rows: [
            ['games at once', atOnce],
            ['moves', report.moves],
            ['refused, as they should', report.refused],
            ['won by who began', report.wonByFirst],
            ['won by the other', report.wonBySecond],
            ['draws', report.draws],
            ['unfinished', report.unfinished],
            ['wrong', report.wrong],
            ['acknowledgement p50', `${report.ackP50Ms ?? '–'} ms`],
            ['acknowledgement p99', `${report.ackP99Ms ?? '–'} ms`],
          ],
          report,
        }
      } finally {
        for (const { session } of tables.flat()) session.close()
      }
    },
  }
}
const FAULTS_SHOWN = 5
