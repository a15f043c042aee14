import { Bars } from '../bars.ts'
import type { FaultCluster } from '../fault-cluster.ts'
import { keptHead } from '../kept.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { mishaps, rest, Stage } from '../stage.ts'
import { holdPromises } from '../told.ts'

const AWAY_MS = 60_000
const SILENCE_MS_MAX = 2_000
const CAUGHT_UP_MS_MAX = 60_000
const WAIT_MS_MAX = 120_000
const MEMORY_MB_MAX = 100
const MB = 1024 * 1024
const SAMPLE_MS = 1_000
const POLL_MS = 100

/** Kafka takes what is written meanwhile, and the writer carries it over later. */
export const postgresAwayKafka: Row = {
  name: 'postgres-away-kafka',
  title: 'PostgreSQL stopped for 60 s under load (with Kafka)',
  bar: 'rooms in memory go on taking commands; 0 lost; caught up ≤ 60 s after it is back; memory +≤ 100 MB',
  quick: false,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const bars = new Bars()
  await using stage = await Stage.open(context, { title: 'Without PostgreSQL', people: 60, rate: 60 })
  const { cluster, talk } = stage
  const before = await cluster.memory()
  await using memory = new MemoryWatch(cluster)
  progress('PostgreSQL is killed')
  const goneAt = performance.now()
  await cluster.running.act('kill', 'postgres')
  await rest(AWAY_MS, signal)
  const silence = talk.answers.longestSilenceMs({ from: goneAt, to: performance.now() })
  const taken = stage.probes(goneAt).filter(({ outcome }) => typeof outcome !== 'string' && outcome.ok).length
  await cluster.running.act('restart', 'postgres')
  const backAt = performance.now()
  const goal = talk.lastSeq
  progress(`PostgreSQL is back, and lacks what came up to ${goal}`)
  while (performance.now() - backAt < WAIT_MS_MAX) {
    if ((await keptHead(cluster, talk.room).catch(() => 0)) >= goal) break
    await rest(POLL_MS, signal)
  }
  bars.atMost('caughtUpMs', performance.now() - backAt, CAUGHT_UP_MS_MAX)
  bars.atMost('ackSilenceMs', silence, SILENCE_MS_MAX)
  bars.atLeast('probesTaken', taken, 1)
  const grown = [...(await memory.most())].map(([node, bytes]) => (bytes - (before.get(node) ?? 0)) / MB)
  bars.atMost('memoryGrownMbMax', Math.max(...grown), MEMORY_MB_MAX)
  const { refusedProbes, hungProbes } = mishaps(stage.probes(goneAt))
  bars.exactly('refusedProbes', refusedProbes, 0)
  bars.exactly('hungProbes', hungProbes, 0)
  holdPromises(bars, [await talk.end()])
  return bars.result
}

/** The most memory that each node has held since. */
class MemoryWatch implements AsyncDisposable {
  readonly #cluster: FaultCluster
  readonly #most = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #looking: Promise<void> = Promise.resolve()

  constructor(cluster: FaultCluster) {
    this.#cluster = cluster
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look())
    }, SAMPLE_MS)
  }

  async most(): Promise<ReadonlyMap<string, number>> {
    await this.#look()
    return this.#most
  }

  async #look(): Promise<void> {
    const now = await this.#cluster.memory().catch(() => new Map<string, number>())
    for (const [node, bytes] of now) this.#most.set(node, Math.max(bytes, this.#most.get(node) ?? 0))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
  }
}
