import { LIMITS } from '@plenary/kinds'
import { eventually } from '../../../scripts/cluster/running.ts'
import { Bars } from '../bars.ts'
import type { Prober } from '../prober.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { proberAt, rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const PAUSED_MS = 3 * LIMITS.leaseTtlMs
const SHED_MS_MAX = 1_000
const AGAIN_MS_MAX = LIMITS.leaseTtlMs + 2_000
/** How long it is watched after it goes on. */
const WATCHED_MS = 6_000
const SOCKETS = 10
const POLL_MS = 100

/** A node that stood still must not go on as if it had not: neither write, nor keep people on what it showed them. */
export const ownerPaused: Row = {
  name: 'owner-paused',
  title: `SIGSTOP of an owner for 3 × TTL (${PAUSED_MS / 1_000} s), then SIGCONT`,
  bar: 'every append it then tries is refused; its sockets are shed within 1 s',
  quick: true,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Paused', people: 30, rate: 20 })
  const { cluster, talk } = stage
  const owner = await stage.owner()
  const url = await cluster.urlOf(owner.node)
  await using sockets = new AsyncDisposableStack()
  const held: Prober[] = []
  for (let number = 1; number <= SOCKETS; number++) {
    held.push(sockets.use(await proberAt(cluster, talk, owner.node, `socket ${number}`)))
  }

  talk.burst()
  const pausedAt = performance.now()
  await cluster.running.act('pause', owner.node)
  progress(`${owner.node} stands still`)
  await rest(PAUSED_MS, signal)
  const goesOnAt = performance.now()
  await cluster.running.act('resume', owner.node)
  progress('it goes on')

  const before = await eventually('its figures', WATCHED_MS, () => entriesTaken(cluster, url).catch(() => null))
  let after = before
  let ownsAgain = false
  while (performance.now() - goesOnAt < WATCHED_MS) {
    const taken = await entriesTaken(cluster, url).catch(() => after)
    // Looked at after the figure: what it took as the owner of a later epoch is its right.
    ownsAgain ||= (await cluster.owners()).get(talk.shard)?.node === owner.node
    if (!ownsAgain) after = taken
    await rest(POLL_MS, signal)
  }
  const shedMs = held.map(
    ({ endedAt }) => (endedAt.find((at) => at >= pausedAt) ?? Number.POSITIVE_INFINITY) - goesOnAt,
  )
  bars.exactly('entriesTakenAfter', after - before, 0)
  bars.atMost('shedMs', Math.max(...shedMs), SHED_MS_MAX)
  bars.note('sockets', held.length)
  bars.atMost('takenAgainMs', talk.answers.longestSilenceMs({ from: pausedAt, to: goesOnAt }), AGAIN_MS_MAX)
  holdPromises(bars, [await talk.end()])
  return bars.result
}

async function entriesTaken(cluster: Stage['cluster'], nodeUrl: string): Promise<number> {
  return await cluster.metric(nodeUrl, 'entries_total')
}
