import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { chat, type RoomId } from '@plenary/kinds'
import { realRuntime } from '@plenary/engine'
import { etcdClient, type EtcdClient } from '@plenary/engine/etcd'
import { createClient, memoryStorage } from '../../packages/client/src/index.ts'
import { shardOf } from '../../packages/engine/src/owner/orders.ts'
import {
  keysUnder,
  parseNode,
  parseShard,
  ROOT,
  type ShardRecord,
} from '../../packages/engine/src/placement/etcd-keys.ts'
import type { ClusterLog } from '../../scripts/cluster/arguments.ts'
import { eventually, RunningCluster, SHARDS } from '../../scripts/cluster/running.ts'
import type { ClusterStatus } from '../../scripts/cluster/state.ts'
import { Proxy } from './proxy.ts'

const ZONE = 'north'
const NODES = 3
const WHOLE_MS_MAX = 60_000
const METRIC_MS_MAX = 1_000
/** The balancer looks every four seconds. */
const REST_MS = 9_000
const REST_MS_MAX = 150_000
const REST_POLL_MS = 500
const KEYS = keysUnder(ROOT)

/** One node's own ways to the engines; PostgreSQL's and etcd's can be told apart from those of the other nodes. */
export interface Paths {
  etcd: Proxy
  postgres: Proxy
}

/** What a node is started with beside what all have. */
export interface NodeChoice {
  settings?: Readonly<Record<string, string>>
  /** What it runs in place of this version's server. */
  main?: string
}

export interface FaultClusterOptions {
  log: ClusterLog
  /** Of the nodes that it begins with. */
  node?: NodeChoice
  progress(line: string): void
}

/** A cluster in one zone whose nodes reach their engines over proxies of ours, and what is known of it from outside. */
export class FaultCluster implements AsyncDisposable {
  readonly log: ClusterLog
  readonly running: RunningCluster
  /** By the node's name. */
  readonly paths = new Map<string, Paths>()
  readonly #owned = new AsyncDisposableStack()
  readonly #etcd: EtcdClient

  private constructor(log: ClusterLog, running: RunningCluster, etcdUrl: string) {
    this.log = log
    this.running = this.#owned.use(running)
    // Our own way, over no proxy.
    this.#etcd = this.#owned.adopt(etcdClient({ endpoints: [etcdUrl], runtime: realRuntime() }), (client) =>
      client.close(),
    )
  }

  static async start({ log, node, progress }: FaultClusterOptions): Promise<FaultCluster> {
    const running = await RunningCluster.start({ log, zones: [], progress })
    const cluster = new FaultCluster(log, running, engineUrl(await running.status(), 'etcd'))
    try {
      await cluster.addNode(node)
      await Promise.all(Array.from({ length: NODES - 1 }, () => cluster.addNode(node)))
      await cluster.whole()
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  get url(): string {
    return this.running.url
  }

  /** One more, with paths of its own; its name. */
  async addNode({ settings: more = {}, ...choice }: NodeChoice = {}): Promise<string> {
    const status = await this.running.status()
    const pathTo = async (engine: string) => {
      const url = new URL(engineUrl(status, engine))
      const path = this.#owned.use(await Proxy.to(Number(url.port)))
      url.port = String(path.port)
      return { path, url: url.href.replace(/\/$/, '') }
    }
    const [etcd, postgres] = [await pathTo('etcd'), await pathTo('postgres')]
    const settings = { ...more, ETCD_URL: etcd.url, POSTGRES_URL: postgres.url }
    const { name } = await this.running.add({ ...choice, zone: ZONE, settings })
    this.paths.set(name, { etcd: etcd.path, postgres: postgres.path })
    return name
  }

  /** Drains one that a row had added. */
  async removeNode(name: string): Promise<void> {
    await this.running.act('drain', name)
    this.paths.delete(name)
  }

  pathsOf(node: string): Paths {
    const paths = this.paths.get(node)
    if (paths === undefined) throw new Error(`There is no node ${node}.`)
    return paths
  }

  /** A fresh event with one chat. */
  async newRoom(title: string): Promise<{ code: string; room: RoomId; shard: number }> {
    const { event } = await createClient({ url: this.url, storage: memoryStorage() }).createEvent({ title })
    const room = event.rooms.find(({ kind }) => kind === chat.name)?.id
    if (room === undefined) throw new Error('The event has no chat.')
    return { code: event.code, room, shard: shardOf(room, SHARDS) }
  }

  /** Where a node itself answers. */
  async urlOf(node: string): Promise<string> {
    const found = (await this.running.status()).nodes.find(({ name }) => name === node)
    if (found === undefined) throw new Error(`There is no node ${node}.`)
    return found.url
  }

  /** What stands in etcd of every shard that has been taken, by its number. */
  async shards(): Promise<Map<number, ShardRecord>> {
    const prefix = KEYS.shards(ZONE)
    const { items } = await this.#etcd.list(prefix)
    return new Map(
      items.flatMap(({ key, value }): [number, ShardRecord][] => {
        const record = parseShard(value)
        return record === null ? [] : [[Number(key.slice(prefix.length)), record]]
      }),
    )
  }

  /** The nodes that etcd takes for living, each with its lease. */
  async living(): Promise<Map<string, string>> {
    const { items } = await this.#etcd.list(KEYS.nodes)
    return new Map(
      items.flatMap(({ key, value, lease }) =>
        parseNode(value) === null ? [] : [[key.slice(KEYS.nodes.length), lease]],
      ),
    )
  }

  /** Owners that live, by shard. */
  async owners(): Promise<Map<number, { node: string; epoch: number }>> {
    const [shards, living] = await Promise.all([this.shards(), this.living()])
    return new Map(
      [...shards].flatMap(([shard, { owner, epoch }]): [number, { node: string; epoch: number }][] =>
        owner === null || living.get(owner.node) !== owner.lease ? [] : [[shard, { node: owner.node, epoch }]],
      ),
    )
  }

  /** A shard's owner that lives, waited for. */
  async owner(shard: number): Promise<{ node: string; epoch: number }> {
    return await eventually(
      `an owner of shard ${shard}`,
      WHOLE_MS_MAX,
      async () => (await this.owners()).get(shard) ?? null,
    )
  }

  /** Has a shard handed over, as the balancer does, and waits until the other node has it. Throws when that takes too long. */
  async move(shard: number, to: string): Promise<void> {
    const key = `${KEYS.shards(ZONE)}${shard}`
    await eventually(`shard ${shard} on ${to}`, WHOLE_MS_MAX, async () => {
      if ((await this.owners()).get(shard)?.node === to) return true
      const kept = await this.#etcd.get(key)
      const record = kept === null ? null : parseShard(kept.value)
      if (kept === null || record === null || record.wanted === to) return false
      const value = JSON.stringify({ ...record, wanted: to })
      await this.#etcd.txn([{ key, modRevision: kept.modRevision }], [{ key, value }])
      return false
    })
  }

  /** A figure at a node's own `/metrics`, all its labels together. Throws when the node does not answer. */
  async metric(nodeUrl: string, name: string): Promise<number> {
    const answer = await fetch(`${nodeUrl}/metrics`, { signal: AbortSignal.timeout(METRIC_MS_MAX) })
    const lines = (await answer.text()).split('\n')
    const own = lines.filter((line) => line.startsWith(`plenary_${name} `) || line.startsWith(`plenary_${name}{`))
    return own.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  /** Memory that each running node holds, in bytes. */
  async memory(): Promise<Map<string, number>> {
    const { nodes } = await this.running.status()
    const read = nodes.map(async ({ name, pid }): Promise<[string, number][]> => {
      const text = pid === null ? '' : await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const kib = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]
      return kib === undefined ? [] : [[name, Number(kib) * 1024]]
    })
    return new Map((await Promise.all(read)).flat())
  }

  /** Where PostgreSQL itself is, over no proxy. */
  async postgresUrl(): Promise<string> {
    return engineUrl(await this.running.status(), 'postgres')
  }

  /** Everything runs, every path is good, every shard has an owner; brings about what is missing. Throws when that takes too long. */
  async whole(): Promise<void> {
    for (const { etcd, postgres } of this.paths.values()) for (const path of [etcd, postgres]) path.resume()
    const { engines, nodes } = await this.running.status()
    for (const { name, state } of engines) {
      if (state === 'paused') await this.running.act('resume', name)
      else if (state !== 'running') await this.running.act('restart', name)
    }
    await Promise.all(
      nodes.map(async ({ name, state }) => {
        if (state === 'paused') await this.running.act('resume', name)
        else if (state === 'killed' || state === 'ended') await this.running.act('restart', name)
      }),
    )
    await eventually('a whole cluster', WHOLE_MS_MAX, () => this.#isWhole().catch(() => false))
  }

  /** Waits until the balancer is done with what the row before, or the start, has left uneven. Throws when that takes too long. */
  async atRest(): Promise<void> {
    let seen = ''
    let since = 0
    await eventually('shards that stay where they are', REST_MS_MAX, async () => {
      const now = JSON.stringify([...(await this.shards())])
      if (now !== seen) since = performance.now()
      seen = now
      await wait(REST_POLL_MS)
      return performance.now() - since >= REST_MS
    })
  }

  async #isWhole(): Promise<boolean> {
    const [{ engines }, nodes, owners] = await Promise.all([this.running.status(), this.running.nodes(), this.owners()])
    const roles = engines.map(({ role }) => role).filter((role) => role !== undefined)
    return (
      nodes.length === this.paths.size &&
      nodes.every(({ state }) => state === 'ready') &&
      roles.toSorted().join(' ') === 'primary replica' &&
      owners.size === SHARDS
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync()
  }
}

function engineUrl({ engines }: ClusterStatus, name: string): string {
  const url = engines.find((engine) => engine.name === name)?.url
  if (url === undefined) throw new Error(`The cluster has no ${name}.`)
  return url
}
