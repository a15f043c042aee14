import { LIMITS } from '@plenary/kinds'
import { Bars } from '../bars.ts'
import { isTaken } from '../prober.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { mishaps, rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const AWAY_MS = 60_000
const AGAIN_MS_MAX = 10_000
const WAIT_MS_MAX = 60_000

/** Nobody can renew a lease, so nobody may acknowledge for long. */
export const etcdAway: Row = {
  name: 'etcd-away',
  title: 'etcd away for 60 s',
  bar: 'no invariant broken; commands taken again ≤ 10 s after it is back',
  quick: false,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Without etcd', people: 30, rate: 20 })
  const { cluster, talk } = stage
  progress('etcd is killed')
  const goneAt = performance.now()
  await cluster.running.act('kill', 'etcd')
  await rest(AWAY_MS, signal)
  await cluster.running.act('restart', 'etcd')
  const backAt = performance.now()
  progress('etcd is back')
  const againMs = await stage.takenEverywhere(backAt, WAIT_MS_MAX, signal)

  const during = stage.probes(goneAt, backAt)
  const lastAt = during.reduce(
    (last, { at, outcome }) => (isTaken(outcome) && at < backAt ? Math.max(last, at) : last),
    goneAt,
  )
  bars.atMost('ackedForMs', lastAt - goneAt, LIMITS.leaseTtlMs)
  bars.atMost('againMs', againMs, AGAIN_MS_MAX)
  const { refusedProbes, hungProbes } = mishaps(during)
  bars.exactly('refusedProbes', refusedProbes, 0)
  bars.exactly('hungProbes', hungProbes, 0)
  holdPromises(bars, [await talk.end()])
  return bars.result
}
