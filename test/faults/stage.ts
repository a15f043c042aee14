import { setTimeout as wait } from 'node:timers/promises'
import type { FaultCluster } from './fault-cluster.ts'
import { isRefused, isTaken, Prober, type Probe } from './prober.ts'
import type { RowContext } from './row.ts'
import { Talk, type TalkOptions } from './talk.ts'

const BEFORE_MS = 3_000

/** A room that people talk in, and a plain client in it at each gateway. Disposing ends them all. */
export class Stage implements AsyncDisposable {
  readonly cluster: FaultCluster
  readonly talk: Talk
  /** By the node that each is connected to. */
  readonly probers: ReadonlyMap<string, Prober>
  readonly #owned: AsyncDisposableStack

  private constructor(cluster: FaultCluster, talk: Talk, probers: Map<string, Prober>, owned: AsyncDisposableStack) {
    this.cluster = cluster
    this.talk = talk
    this.probers = probers
    this.#owned = owned
  }

  /**
   * On the row's cluster; everybody has talked for a while when it resolves, and, but in the short run, no shard is about to move: a
   * hand-over that a fault falls into is a second fault.
   */
  static async open(context: RowContext, options: Omit<TalkOptions, 'signal'>): Promise<Stage> {
    const cluster = await context.cluster()
    await using owned = new AsyncDisposableStack()
    const talk = owned.use(await Talk.start(cluster, { ...options, signal: context.signal }))
    const probers = new Map<string, Prober>()
    for (const name of cluster.paths.keys()) probers.set(name, owned.use(await proberAt(cluster, talk, name)))
    await rest(BEFORE_MS, context.signal)
    if (!context.quick) await cluster.atRest()
    return new Stage(cluster, talk, probers, owned.move())
  }

  /** Who owns the room now. */
  async owner(): Promise<{ node: string; epoch: number }> {
    return await this.cluster.owner(this.talk.shard)
  }

  proberAt(node: string): Prober {
    const prober = this.probers.get(node)
    if (prober === undefined) throw new Error(`There is no prober at ${node}.`)
    return prober
  }

  /** All that the plain clients asked from a moment on. */
  probes(from: number, to = Number.POSITIVE_INFINITY): Probe[] {
    return [...this.probers.values()].flatMap(({ probes }) =>
      probes.filter(({ sentAt }) => sentAt >= from && sentAt < to),
    )
  }

  /**
   * How long after a moment each gateway had acknowledged a command that came after it; the longest of them, in milliseconds. Infinity
   * when one has not within `msMax`.
   */
  async takenEverywhere(from: number, msMax: number, signal: AbortSignal): Promise<number> {
    const first = (prober: Prober) => prober.probes.find(({ at, outcome }) => at >= from && isTaken(outcome))
    const all = [...this.probers.values()]
    while (performance.now() - from < msMax && !all.every(first)) await rest(50, signal)
    return Math.max(...all.map((prober) => (first(prober)?.at ?? Number.POSITIVE_INFINITY) - from))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync()
  }
}

/** A plain client in a talk's room, at this very node. */
export async function proberAt(cluster: FaultCluster, talk: Talk, node: string, name = `at ${node}`): Promise<Prober> {
  const { url } = cluster
  return await Prober.start({ gateway: await cluster.urlOf(node), url, code: talk.code, room: talk.room, name })
}

/** Waits so long. Throws when the run is given up meanwhile. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal })
}

/** How many were refused for good, and how many were not answered at all. */
export function mishaps(probes: readonly Probe[]): { refusedProbes: number; hungProbes: number } {
  return {
    refusedProbes: probes.filter(({ outcome }) => isRefused(outcome)).length,
    hungProbes: probes.filter(({ outcome }) => outcome === 'hung').length,
  }
}

/** The longest time between two acknowledgements in a stretch, its ends included, in milliseconds. */
export function silenceMs(probes: readonly Probe[], from: number, to: number): number {
  const times = probes.flatMap(({ at, outcome }) => (isTaken(outcome) && at >= from && at <= to ? [at] : []))
  const all = [from, ...times.toSorted((a, b) => a - b), to]
  return Math.round(all.reduce((longest, at, place) => Math.max(longest, at - (all[place - 1] ?? at)), 0))
}
