import { setTimeout as wait } from 'node:timers/promises'
import { LIMITS } from '@plenary/kinds'
import { eventually } from '../../../scripts/cluster/running.ts'
import { Bars, quantile } from '../bars.ts'
import type { FaultCluster } from '../fault-cluster.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { Talk } from '../talk.ts'
import { holdPromises } from '../told.ts'

const AGAIN_MS_MAX = LIMITS.leaseTtlMs + 2_000
const GIVEN_UP_MS = 60_000
const ROOMS = 12
const PEOPLE_PER_ROOM = 6
const RATE_PER_ROOM = 6
/** The kill falls somewhere in this after everybody has said something at once. */
const MID_WRITE_MS_MAX = 30
const POLL_MS = 100
const FULL = { kills: 100, nodes: 6, atOnce: 2 }
const QUICK = { kills: 4, nodes: 4, atOnce: 2 }

/** Two are killed together, each the owner of rooms of its own, so that a hundred kills take minutes and not a quarter of an hour. */
export const ownerKilled: Row = {
  name: 'owner-killed',
  title: 'SIGKILL of a shard’s owner in mid-write, 100 times',
  bar: `0 acked entries lost, 0 duplicated; taking commands again: p99 ≤ TTL + 2 s (${AGAIN_MS_MAX} ms)`,
  // Its bar is a time, which a busy machine would decide; that rooms come back after a kill is in the cluster’s smoke test too.
  quick: false,
  log: 'kafka',
  run,
}

async function run(context: RowContext): Promise<RowResult> {
  const { signal, progress } = context
  const { kills, nodes, atOnce } = context.quick ? QUICK : FULL
  const bars = new Bars()
  const cluster = await context.cluster()
  await using added = new AsyncDisposableStack()
  while (cluster.paths.size < nodes) added.adopt(await cluster.addNode(), (name) => cluster.removeNode(name))
  await cluster.whole()
  await using talks = new AsyncDisposableStack()
  const rooms: Talk[] = []
  for (let number = 1; number <= ROOMS; number++) {
    const options = { title: `Killed ${number}`, people: PEOPLE_PER_ROOM, rate: RATE_PER_ROOM, signal }
    rooms.push(talks.use(await Talk.start(cluster, options)))
  }
  const losses: Loss[] = []
  let underWay = 0
  while (losses.length < kills) {
    const round = new Round(cluster, rooms, signal)
    await round.strike(Math.min(atOnce, kills - losses.length))
    underWay += round.underWay
    const lost = await round.again()
    losses.push(...lost)
    const each = lost.map(({ ownedMs, againMs }) => `owned after ${ownedMs} ms, taken again after ${againMs} ms`)
    progress(`${losses.length} of ${kills} killed: ${each.join('; ')}`)
    await round.mend()
  }
  const samples = losses.map(({ againMs }) => againMs)
  const told = await Promise.all(rooms.map((room) => room.end()))
  bars.exactly('kills', samples.length, kills)
  bars.atLeast('commandsInFlightAtKills', underWay, kills)
  bars.note(
    'ownedAgainP50Ms',
    quantile(
      losses.map(({ ownedMs }) => ownedMs),
      0.5,
    ),
  )
  bars.note('againP50Ms', quantile(samples, 0.5))
  bars.atMost('againP99Ms', quantile(samples, 0.99), AGAIN_MS_MAX)
  bars.note('againMaxMs', Math.max(...samples))
  holdPromises(bars, told)
  return bars.result
}

interface OwnedRoom {
  talk: Talk
  /** Of its owner. */
  epoch: number
}

interface Victim {
  node: string
  rooms: OwnedRoom[]
  at: number
}

/** What one kill cost, in milliseconds from then on. */
interface Loss {
  /** Until etcd had another owner for the last of its rooms, */
  ownedMs: number
  /** and until the last of them had acknowledged a command. */
  againMs: number
}

/** Some owners killed together, until all of it is as before. */
class Round {
  /** Commands sent into the victims' rooms that were not answered when they were killed. */
  underWay = 0
  readonly #cluster: FaultCluster
  readonly #talks: readonly Talk[]
  readonly #signal: AbortSignal
  #victims: Victim[] = []
  #owners: ReadonlyMap<number, { epoch: number }> = new Map()
  #looking: Promise<void> | null = null

  constructor(cluster: FaultCluster, talks: readonly Talk[], signal: AbortSignal) {
    this.#cluster = cluster
    this.#talks = talks
    this.#signal = signal
  }

  /** Kills those who own most of the rooms, in the middle of writes to these. */
  async strike(count: number): Promise<void> {
    const chosen = [...(await this.#ownedRooms())].toSorted(([, a], [, b]) => b.length - a.length).slice(0, count)
    for (const talk of this.#talks) talk.burst()
    await wait(Math.random() * MID_WRITE_MS_MAX)
    this.underWay = chosen.reduce((sum, [, rooms]) => sum + rooms.reduce((of, { talk }) => of + talk.underWay, 0), 0)
    const { running } = this.#cluster
    this.#victims = await Promise.all(
      chosen.map(async ([node, rooms]) => {
        const at = performance.now()
        await running.act('kill', node)
        return { node, rooms, at }
      }),
    )
  }

  /** For each that was killed. */
  async again(): Promise<Loss[]> {
    return await Promise.all(
      this.#victims.map(async ({ rooms, at }) => {
        const ownedAt = await Promise.all(rooms.map((room) => this.#taken(room)))
        const to = performance.now()
        return {
          ownedMs: Math.round(Math.max(...ownedAt) - at),
          againMs: Math.max(...rooms.map(({ talk }) => talk.answers.longestSilenceMs({ from: at, to }))),
        }
      }),
    )
  }

  /** Everybody back, and every room with an owner that lives. Not before: a start of nodes beside it is no part of the fault. */
  async mend(): Promise<void> {
    await Promise.all(this.#victims.map(({ node }) => this.#cluster.running.act('restart', node)))
    await this.#cluster.whole()
  }

  /** By node, the rooms whose owner it is, each of which takes commands now. */
  async #ownedRooms(): Promise<Map<string, OwnedRoom[]>> {
    const owners = await this.#cluster.owners()
    const rooms = this.#talks.map((talk) => ({ talk, owner: owners.get(talk.shard) }))
    const owned = rooms.flatMap(({ talk, owner }) => (owner === undefined ? [] : [{ ...owner, talk }]))
    return Map.groupBy(owned, ({ node }) => node)
  }

  /** Resolves once an owner of a later epoch has acknowledged a command, with when etcd first knew of that owner. */
  async #taken({ talk, epoch }: OwnedRoom): Promise<number> {
    const until = performance.now() + GIVEN_UP_MS
    while ((this.#owners.get(talk.shard)?.epoch ?? 0) <= epoch) {
      this.#signal.throwIfAborted()
      if (performance.now() > until) throw new Error(`Nobody took ${talk.room} after its owner was killed.`)
      await this.#look()
    }
    const ownedAt = performance.now()
    const before = talk.answers.count
    await eventually(`a command taken in ${talk.room}`, GIVEN_UP_MS, () => talk.answers.count > before)
    return ownedAt
  }

  /** Who owns what, asked once for all rooms that wait. */
  async #look(): Promise<void> {
    this.#looking ??= (async () => {
      await wait(POLL_MS)
      this.#owners = await this.#cluster.owners().catch(() => this.#owners)
      this.#looking = null
    })()
    await this.#looking
  }
}
