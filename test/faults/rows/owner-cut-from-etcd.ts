import { LIMITS } from '@plenary/kinds'
import { Bars } from '../bars.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const CUT_MS = 60_000
const AGAIN_MS_MAX = LIMITS.leaseTtlMs + 2_000
const POLL_MS = 100

/** The worst kind of cut: connections stay open, and nothing comes over them. */
export const ownerCutFromEtcd: Row = {
  name: 'owner-cut-from-etcd',
  title: 'owner cut off from etcd alone for 60 s',
  bar: 'stops acknowledging before the TTL ends; exactly one successor',
  quick: false,
  log: 'kafka',
  run,
}

/** What was seen of a node that says, of itself, that it owns the room. */
interface Claimant {
  firstAt: number
  lastAt: number
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Cut off', people: 30, rate: 20 })
  const { cluster, talk } = stage
  const owner = await stage.owner()
  const url = await cluster.urlOf(owner.node)
  const path = cluster.pathsOf(owner.node).etcd

  progress(`${owner.node} is cut off from etcd`)
  const cutAt = performance.now()
  path.silence('there', 'back')
  let taken = await cluster.metric(url, 'entries_total')
  let lastTakenAt = cutAt
  const claimants = new Map<string, Claimant>()
  const epochs = new Map<number, Set<string>>()
  let ownersAtOnceMax = 0
  while (performance.now() - cutAt < CUT_MS) {
    const now = await cluster.metric(url, 'entries_total').catch(() => taken)
    if (now > taken) lastTakenAt = performance.now()
    taken = now
    const claiming = (await cluster.running.nodes()).filter(({ shards }) => shards.includes(talk.shard))
    const at = performance.now()
    for (const { node } of claiming) claimants.set(node, { firstAt: claimants.get(node)?.firstAt ?? at, lastAt: at })
    ownersAtOnceMax = Math.max(ownersAtOnceMax, claiming.length)
    const record = (await cluster.shards()).get(talk.shard)
    if (record?.owner != null) epochs.set(record.epoch, (epochs.get(record.epoch) ?? new Set()).add(record.owner.node))
    await rest(POLL_MS, signal)
  }
  const endedAt = performance.now()
  const againMs = talk.answers.longestSilenceMs({ from: cutAt, to: endedAt })
  path.resume()
  progress('the path is whole again')

  const successors = [...claimants].filter(([node]) => node !== owner.node)
  const first = Math.min(...successors.map(([, { firstAt }]) => firstAt))
  bars.atMost('ackedForMs', lastTakenAt - cutAt, LIMITS.leaseTtlMs)
  bars.exactly('successors', successors.length, 1)
  bars.atMost('ownersAtOnceMax', ownersAtOnceMax, 1)
  bars.atMost('ownersOfOneEpochMax', Math.max(...[...epochs.values()].map(({ size }) => size)), 1)
  bars.note('epochs', epochs.size)
  bars.note('successorAfterMs', first - cutAt)
  if (!(lastTakenAt <= first)) bars.fail('it acknowledged after its successor had begun')
  bars.atMost('takenAgainMs', againMs, AGAIN_MS_MAX)
  holdPromises(bars, [await talk.end()])
  return bars.result
}
