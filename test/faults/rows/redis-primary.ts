import { eventually } from '../../../scripts/cluster/running.ts'
import { Bars } from '../bars.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { mishaps, rest, silenceMs, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const STALL_MS_MAX = 15_000
/** Where the room's owner is, nothing has to go over Redis. */
const OWN_SILENCE_MS_MAX = 2_000
const FAILOVER_MS_MAX = 30_000
const WATCHED_MS = 20_000
const BAR = 'acks go on; batches stall ≤ 15 s, then every gap is filled'

/** Its sentinels make another the primary, and what was under way between nodes is lost. */
export const redisPrimaryKilled: Row = {
  name: 'redis-primary-killed',
  title: 'Redis primary killed',
  bar: BAR,
  quick: true,
  log: 'kafka',
  run: (context) => run(context, 'kill', 'restart'),
}

/** It hangs with its connections open, and comes back when another has taken its place. */
export const redisPrimaryPaused: Row = {
  name: 'redis-primary-paused',
  title: 'Redis primary paused',
  bar: BAR,
  quick: false,
  log: 'kafka',
  run: (context) => run(context, 'pause', 'resume'),
}

async function run(context: RowContext, strike: 'kill' | 'pause', mend: 'restart' | 'resume'): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: `Redis: ${strike}`, people: 30, rate: 20 })
  const { cluster, talk } = stage
  const owner = await stage.owner()
  const primary = await cluster.running.redisPrimary()
  progress(`${strike} ${primary}`)
  const from = performance.now()
  await cluster.running.act(strike, primary)
  await eventually('another primary', FAILOVER_MS_MAX, async () => {
    signal.throwIfAborted()
    return (await cluster.running.redisPrimary().catch(() => primary)) !== primary
  })
  const failedOverMs = performance.now() - from
  await rest(Math.max(0, WATCHED_MS - failedOverMs), signal)
  await cluster.running.act(mend, primary)
  const to = performance.now()

  const own = stage.proberAt(owner.node)
  const others = [...stage.probers].filter(([node]) => node !== owner.node).map(([, prober]) => prober)
  bars.note('failedOverMs', failedOverMs)
  // In the short run it may be handed over just then.
  const moved = (await stage.owner()).epoch !== owner.epoch
  bars.note('movedMeanwhile', moved)
  bars.atMost('ackSilenceAtOwnerMs', silenceMs(own.probes, from, to), moved ? STALL_MS_MAX : OWN_SILENCE_MS_MAX)
  bars.atMost(
    'ackSilenceElsewhereMs',
    Math.max(...others.map(({ probes }) => silenceMs(probes, from, to))),
    STALL_MS_MAX,
  )
  const { refusedProbes, hungProbes } = mishaps(stage.probes(from, to))
  bars.exactly('refusedProbes', refusedProbes, 0)
  bars.exactly('hungProbes', hungProbes, 0)
  const told = await talk.end()
  bars.atMost('batchStallMs', told.lagMsMax, STALL_MS_MAX)
  holdPromises(bars, [told])
  return bars.result
}
