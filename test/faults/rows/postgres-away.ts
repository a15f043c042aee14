import { Bars } from '../bars.ts'
import { keptEntries, keptHead, type KeptEntry } from '../kept.ts'
import { isTaken, type Probe } from '../prober.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { mishaps, rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const AWAY_MS = 60_000
/** Answers are held back for so long before it is stopped: what is written then has an outcome that no node knows. */
const UNKNOWN_MS = 500
const ERROR_MS_MAX = 2_000
const AGAIN_MS_MAX = 5_000
const WAIT_MS_MAX = 60_000
const SETTLE_MS_MAX = 20_000

/** PostgreSQL is the log here: nothing can be acknowledged without it. */
export const postgresAway: Row = {
  name: 'postgres-away',
  title: 'PostgreSQL stopped for 60 s (without Kafka)',
  bar: 'temporary error ≤ 2 s, never a hang; again ≤ 5 s after it is back; an append whose outcome was unknown is there once or not at all, and the client is told which',
  quick: false,
  log: 'postgres',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Without its log', people: 30, rate: 20 })
  const { cluster, talk } = stage
  const paths = [...cluster.paths.values()].map(({ postgres }) => postgres)

  const from = performance.now()
  for (const path of paths) path.silence('back')
  talk.burst()
  await rest(UNKNOWN_MS, signal)
  const unknown = (await keptHead(cluster, talk.room)) - lastTold(stage)
  await cluster.running.act('kill', 'postgres')
  // What was on its way back is lost with it.
  for (const path of paths) path.cut()
  for (const path of paths) path.resume()
  progress('PostgreSQL is killed, and what it last answered is lost')
  await rest(AWAY_MS, signal)
  await cluster.running.act('restart', 'postgres')
  const backAt = performance.now()
  progress('PostgreSQL is back')
  bars.atMost('againMs', await stage.takenEverywhere(backAt, WAIT_MS_MAX, signal), AGAIN_MS_MAX)

  bars.atLeast('durableAndUntold', unknown, 1)
  const during = stage.probes(from, backAt)
  const put = during.filter(({ outcome }) => !isTaken(outcome))
  bars.atLeast('putOff', put.length, 1)
  bars.atMost('answeredMsMax', Math.max(...during.map(({ sentAt, at }) => at - sentAt)), ERROR_MS_MAX)
  const { refusedProbes, hungProbes } = mishaps(during)
  bars.exactly('refusedProbes', refusedProbes, 0)
  bars.exactly('hungProbes', hungProbes, 0)
  bars.exactly('goneProbes', during.filter(({ outcome }) => outcome === 'gone').length, 0)

  progress('every second command that was put off is asked for again')
  const asked = await settle(stage, put)
  const told = await talk.end()
  holdPromises(bars, [told])
  holdOutcomes(bars, await keptEntries(cluster, talk.room, lastTold(stage)), put, asked)
  return bars.result
}

/** The last place of the room that anybody was told for a command of their own. */
function lastTold(stage: Stage): number {
  return Math.max(stage.talk.lastSeq, ...stage.probes(0).map(({ outcome }) => (isTaken(outcome) ? outcome.seq : 0)))
}

/** Every second of them, at the prober that had sent it. */
async function settle(stage: Stage, put: readonly Probe[]): Promise<Map<Probe, { ok: boolean; seq: number } | null>> {
  const settled = new Map<Probe, { ok: boolean; seq: number } | null>()
  await Promise.all(
    [...stage.probers.values()].map(async (prober) => {
      const own = put.filter((probe) => prober.probes.includes(probe)).filter((_, place) => place % 2 === 0)
      for (const probe of own) {
        const outcome = await prober.settle(probe, SETTLE_MS_MAX)
        settled.set(probe, outcome === null ? null : { ok: outcome.ok, seq: outcome.ok ? outcome.seq : 0 })
      }
    }),
  )
  return settled
}

/** What was asked for again stands where the client was told; what was not, stands there once or not at all. */
function holdOutcomes(
  bars: Bars,
  entries: readonly KeptEntry[],
  put: readonly Probe[],
  asked: ReadonlyMap<Probe, { ok: boolean; seq: number } | null>,
): void {
  const places = Map.groupBy(entries, ({ id }) => id)
  const placesOf = (probe: Probe) => (places.get(probe.id) ?? []).map(({ seq }) => seq)
  const unasked = put.filter((probe) => !asked.has(probe))
  const wrong = [...asked].filter(([probe, told]) => {
    const found = placesOf(probe)
    return told === null || (told.ok ? found.length !== 1 || found[0] !== told.seq : found.length > 0)
  })
  bars.note('askedAgain', asked.size)
  bars.exactly('toldWrongly', wrong.length, 0)
  bars.note('notAskedAndThere', unasked.filter((probe) => placesOf(probe).length === 1).length)
  bars.exactly('thereTwice', put.filter((probe) => placesOf(probe).length > 1).length, 0)
}
