import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bars } from '../bars.ts'
import { FaultCluster } from '../fault-cluster.ts'
import { oldVersion } from '../old-version.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { rest } from '../stage.ts'
import { Talk } from '../talk.ts'
import { holdPromises } from '../told.ts'
import { VERSIONS_FOLDER } from '../version-launcher.ts'

const PEOPLE = 150
const RATE = 20
const ROOMS = 3
const BEFORE_MS = 5_000
/** Between one node and the next: both versions run side by side, and clients and shards are evened out. */
const BETWEEN_MS = 12_000
const WAIT_MS_MAX = 2_000
const MAIN = join(import.meta.dirname, '../../../packages/server/src/main.ts')
const LAUNCHER = join(import.meta.dirname, '../version-launcher.ts')

/** An upgrade as an operator does it: one node after the other comes back as the new version, while people talk. */
export const rollingRestart: Row = {
  name: 'rolling-restart',
  title: 'rolling restart of all nodes under load, old version beside new',
  bar: '0 lost, 0 duplicated, no command waiting over 2 s',
  quick: false,
  async run({ signal, progress }: RowContext): Promise<RowResult> {
    const bars = new Bars()
    await using old = await oldVersion()
    if (old === null) {
      bars.fail('There is no earlier version in the history here: fetch it (git fetch --unshallow).')
      return bars.result
    }
    progress(`the old version is that of ${old.commit.slice(0, 12)}`)
    await using cleaning = new AsyncDisposableStack()
    const versions = await mkdtemp(join(tmpdir(), 'plenary-versions-'))
    cleaning.defer(() => rm(versions, { recursive: true, force: true }))
    await writeFile(join(versions, 'first'), old.main)
    const cluster = cleaning.use(
      await FaultCluster.start({
        log: 'kafka',
        node: { main: LAUNCHER, settings: { [VERSIONS_FOLDER]: versions } },
        progress,
      }),
    )
    const talks: Talk[] = []
    for (let room = 1; room <= ROOMS; room++) {
      const talk = { title: `Upgrade ${room}`, people: PEOPLE / ROOMS, rate: RATE / ROOMS, signal }
      talks.push(cleaning.use(await Talk.start(cluster, talk)))
    }
    await rest(BEFORE_MS, signal)

    const from = performance.now()
    for (const node of cluster.paths.keys()) {
      await writeFile(join(versions, node), MAIN)
      const began = performance.now()
      await cluster.running.act('restart', node)
      const tookMs = Math.round(performance.now() - began)
      bars.note(`${node}RestartMs`, tookMs)
      progress(`${node} is back as the new version after ${tookMs} ms`)
      await rest(BETWEEN_MS, signal)
    }
    const stretch = { from, to: performance.now() }
    const slowest = talks.map(({ answers }) => answers.slowestMs(stretch))
    bars.note('oldVersion', old.commit.slice(0, 12))
    bars.note('people', PEOPLE)
    bars.atMost('slowestMs', Math.max(...slowest), WAIT_MS_MAX)
    const told = []
    for (const talk of talks) told.push(await talk.end())
    holdPromises(bars, told)
    return bars.result
  },
}
