import { join } from 'node:path'
import type { BenchContext, Benchmark, Held } from './benchmark.ts'
import { clusterNodes } from './cluster-stage.ts'
import { kafkaFor, postgresFor } from './engines.ts'
import type { LoadCalls } from './load/load-process.ts'
import type { BareAppendCalls } from './peers/bare-append-process.ts'
import type { LogSettings } from './peers/open-log.ts'
import { Child } from './process/child.ts'
import { figuresInTurn, median, medianRatio } from './rounds.ts'
import { Stage } from './stage.ts'

const BARE_PROCESS = join(import.meta.dirname, 'peers/bare-append-process.ts')
const SOCKETS = 50
const PER_SECOND = 500
const OFFER_MS = 4_000
const WARM_MS = 1_000
const BARE_BATCHES = 300
/** An entry as it is logged. */
const ENTRY_CHARS = 330
const ROUNDS = 9
const OPENED_PER_SECOND = 500

const TIMES_MAX = 1.5
/** What the way there and back may take beside the append. */
const BESIDE_MS = 1

/** One way of keeping entries, set up and waited for. */
interface Way {
  /** Milliseconds until an acknowledgement came: half of them within the first, all but one in a hundred within the second. */
  ours(): Promise<{ p50Ms: number; p99Ms: number }>
  /** The median of so many batches of so many entries, written by the same engine with nothing around it. */
  bare(entries: number): Promise<number>
}

/** How long people wait until what they said is saved. */
export const ack: Benchmark = {
  name: 'ack',
  what: `durable acknowledgement at ${PER_SECOND} commands/s, p50: one process with SQLite, two over PostgreSQL, two over Kafka`,
  bar: `p50 ≤ ${TIMES_MAX} × the engine's own bare append of such a batch, + ${BESIDE_MS} ms`,
  unit: 'ms',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const postgres = await postgresFor(stage)
    const kafka = await kafkaFor(stage)
    const load = await stage.load()
    const ways: Record<string, Way> = {
      SQLite: await inOneProcess(stage, context, load),
      PostgreSQL: await inCluster(stage, context, load, { engine: 'postgres', url: postgres.url }),
      Kafka: await inCluster(stage, context, load, { engine: 'kafka', broker: kafka.address, url: postgres.url }),
    }
    const sides: { name: string; value: number }[] = []
    const held: Held[] = []
    const figures: Record<string, number> = {}
    for (const [name, way] of Object.entries(ways)) {
      const p99s: number[] = []
      const entries = await entriesAtOnce(way)
      const { ours, bare } = await figuresInTurn(
        ROUNDS,
        {
          ours: async () => {
            const { p50Ms, p99Ms } = await way.ours()
            p99s.push(p99Ms)
            return p50Ms
          },
          bare: () => way.bare(entries),
        },
        (line) => context.progress(`${name}, ${line}`),
      )
      sides.push({ name, value: median(ours) }, { name: `${name}, bare`, value: median(bare) })
      const rest = ours.map((tookMs) => Math.max(0, tookMs - BESIDE_MS))
      held.push({
        name: `times the bare append, but for ${BESIDE_MS} ms, ${name}`,
        value: medianRatio(rest, bare),
        atMost: TIMES_MAX,
        ratio: true,
      })
      figures[`${name} p99 ms`] = median(p99s)
      figures[`${name} entries in a batch`] = entries
    }
    const [side, ...others] = sides
    const [first, ...rest] = held
    if (side === undefined || first === undefined) throw new Error('Nothing was measured.')
    return { sides: [side, ...others], held: [first, ...rest], rounds: ROUNDS, figures }
  },
}

/** As many as come while an append is out; also warms it up. */
async function entriesAtOnce(way: Way): Promise<number> {
  await way.ours()
  return Math.max(1, Math.round((PER_SECOND * (await way.bare(1))) / 1_000))
}

async function inOneProcess(stage: Stage, context: BenchContext, load: Child<LoadCalls>): Promise<Way> {
  const server = await stage.plenary()
  const name = 'SQLite'
  const { dialect, ports } = server
  const tickets = await server.tickets(0, SOCKETS)
  await load.call('open', { name, dialect, ports, count: SOCKETS, perSecond: OPENED_PER_SECOND, tickets })
  return await wayOf(stage, context, load, name, { engine: 'sqlite', file: join(await stage.folder(), 'bare.db') })
}

async function inCluster(stage: Stage, context: BenchContext, load: Child<LoadCalls>, log: LogSettings): Promise<Way> {
  const { gateways } = await clusterNodes(stage, context, 1, log)
  const ports = await Promise.all(gateways.map((gateway) => gateway.call('port')))
  const tickets = (await gateways[0]?.call('tickets', { from: 0, count: SOCKETS })) ?? []
  const name = log.engine
  await load.call('open', { name, dialect: 'plenary', ports, count: SOCKETS, perSecond: OPENED_PER_SECOND, tickets })
  return await wayOf(stage, context, load, name, log)
}

async function wayOf(
  stage: Stage,
  context: BenchContext,
  load: Child<LoadCalls>,
  name: string,
  log: LogSettings,
): Promise<Way> {
  const { signal } = context
  const bare = stage.use(await Child.start<BareAppendCalls>(BARE_PROCESS, { settings: log, signal }))
  return {
    async ours() {
      const offer = { name, perSecond: PER_SECOND, publishers: SOCKETS, forMs: OFFER_MS, warmMs: WARM_MS }
      const { asked, acknowledged, ackP50Ms, ackP99Ms } = await load.call('offer', offer)
      if (acknowledged < asked) throw new Error(`${asked - acknowledged} of ${asked} were not acknowledged.`)
      return { p50Ms: ackP50Ms, p99Ms: ackP99Ms }
    },
    async bare(entries) {
      const everyMs = (entries * 1_000) / PER_SECOND
      const took = await bare.call('append', { batches: BARE_BATCHES, entries, chars: ENTRY_CHARS, everyMs })
      return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? NaN
    },
  }
}
