import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Bars } from '../bars.ts'
import { Door } from '../door.ts'
import type { FaultCluster } from '../fault-cluster.ts'
import { keptEntries } from '../kept.ts'
import { isTaken } from '../prober.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { CLOCK_FILE } from '../shifted-date.ts'
import { rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const OFF_MS = 10 * 60_000
const JUMPS = [OFF_MS, -OFF_MS, 0]
const BEFORE_MS = 1_000
const AFTER_MS = 3_000
const AGAIN_MS_MAX = 5_000
const AGAIN_AT_ONCE = 5
/** Between the first and the last entry no more time may have passed, by their stamps, than the row has taken, and this. */
const STAMP_MS_MAX = 1_000
const PRELOAD = pathToFileURL(join(import.meta.dirname, '../shifted-date.ts')).href

/** The wall clock of one node, which owns the room, is put ahead, back, and right while people talk. */
export const wallClock: Row = {
  name: 'wall-clock',
  title: 'wall clock ±10 min on one node',
  bar: 'order, leases and dedupe unchanged',
  quick: true,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  const began = performance.now()
  const cluster = await context.cluster()
  await using cleaning = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'plenary-clock-'))
  cleaning.defer(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'offset')
  await writeFile(file, '0')
  const [other = ''] = cluster.paths.keys()
  const node = await cluster.addNode({ settings: { NODE_OPTIONS: `--import=${PRELOAD}`, [CLOCK_FILE]: file } })
  cleaning.defer(() => cluster.removeNode(node))
  const stage = cleaning.use(await Stage.open(context, { title: 'Clock', people: 24, rate: 20 }))
  const { talk } = stage
  const door = await Door.open(await cluster.urlOf(other), await cluster.urlOf(node))

  const living = await cluster.living()
  const overBefore = await epochsOver(cluster)
  let [sentAgain, elsewhere, refused, letIn] = [0, 0, 0, 0]
  for (const jump of JUMPS) {
    // The balancer may have moved it meanwhile, which is its right.
    await cluster.move(talk.shard, node)
    await rest(BEFORE_MS, signal)
    await writeFile(file, String(jump))
    progress(`${node} is ${jump / 60_000} min off`)
    await rest(AFTER_MS, signal)
    refused += await door.refusedTickets()
    letIn += await door.bannedLetIn()
    const again = await sendAgain(stage)
    sentAgain += again.sent
    elsewhere += again.elsewhere
  }
  const leases = await cluster.living()
  bars.exactly('leasesLost', [...living].filter(([name, lease]) => leases.get(name) !== lease).length, 0)
  bars.exactly('epochsOver', (await epochsOver(cluster)) - overBefore, 0)
  bars.atLeast('sentAgain', sentAgain, JUMPS.length)
  bars.exactly('sentAgainAtAnotherPlace', elsewhere, 0)
  bars.exactly('ticketsRefused', refused, 0)
  bars.exactly('bannedLetIn', letIn, 0)

  // Whoever owns the room next goes on from the times that this one gave.
  await cluster.move(talk.shard, other)
  await rest(BEFORE_MS, signal)
  holdPromises(bars, [await talk.end()])
  const stamps = (await keptEntries(cluster, talk.room, talk.lastSeq)).map(({ at }) => at)
  bars.exactly('timesThatWentDown', stamps.filter((at, place) => at < (stamps[place - 1] ?? 0)).length, 0)
  const spreadMs = Math.max(...stamps) - Math.min(...stamps)
  bars.atMost('stampedWithinMs', spreadMs, performance.now() - began + STAMP_MS_MAX)
  return bars.result
}

/** What was acknowledged comes again, over another gateway than before, as from a client that heard no answer. */
async function sendAgain({ probers }: Stage): Promise<{ sent: number; elsewhere: number }> {
  const all = [...probers.values()]
  let [sent, elsewhere] = [0, 0]
  for (const [place, prober] of all.entries()) {
    const next = all[(place + 1) % all.length] ?? prober
    for (const probe of prober.probes.filter(({ outcome }) => isTaken(outcome)).slice(-AGAIN_AT_ONCE)) {
      sent++
      const outcome = await next.settle(probe, AGAIN_MS_MAX)
      const same = outcome?.ok === true && isTaken(probe.outcome) && outcome.seq === probe.outcome.seq
      if (!same) elsewhere++
    }
  }
  return { sent, elsewhere }
}

async function epochsOver(cluster: FaultCluster): Promise<number> {
  const urls = await Promise.all([...cluster.paths.keys()].map((name) => cluster.urlOf(name)))
  const counts = await Promise.all(urls.map((url) => cluster.metric(url, 'epochs_over_total')))
  return counts.reduce((sum, count) => sum + count, 0)
}
