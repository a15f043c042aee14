import { Bars } from '../bars.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { mishaps, rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const AWAY_MS = 10_000
const AGAIN_MS_MAX = 10_000
const WAIT_MS_MAX = 60_000

/** Nothing can be made durable meanwhile, and what became of an append under way is not known. */
export const kafkaRestarted: Row = {
  name: 'kafka-restarted',
  title: 'Kafka broker killed and restarted',
  bar: 'refusals are temporary, 0 lost, taking commands again ≤ 10 s after it is back',
  quick: false,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Without Kafka', people: 30, rate: 20 })
  const { cluster, talk } = stage
  talk.burst()
  progress('Kafka is killed')
  const goneAt = performance.now()
  await cluster.running.act('kill', 'kafka')
  await rest(AWAY_MS, signal)
  await cluster.running.act('restart', 'kafka')
  const backAt = performance.now()
  progress('Kafka is back')
  bars.atMost('againMs', await stage.takenEverywhere(backAt, WAIT_MS_MAX, signal), AGAIN_MS_MAX)
  bars.note('awayMs', backAt - goneAt)
  const { refusedProbes, hungProbes } = mishaps(stage.probes(goneAt))
  bars.exactly('refusedProbes', refusedProbes, 0)
  bars.exactly('hungProbes', hungProbes, 0)
  holdPromises(bars, [await talk.end()])
  return bars.result
}
