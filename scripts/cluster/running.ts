import { chmod, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { shardOf } from '../../packages/engine/src/owner/orders.ts'
import type { RoomId } from '@plenary/kinds'
import type { ClusterLog, PartAction } from './arguments.ts'
import type { NewNode } from './cluster.ts'
import { giveOrder } from './control.ts'
import { endCluster } from './down.ts'
import { ClusterError, readState, type ClusterStatus, type NodeStatus } from './state.ts'
import { launch } from './up.ts'

const ASK_MS_MAX = 2_000
const POLL_MS = 25
const LOG_LINES_SHOWN = 30
/** An error's whole stack helps nobody who reads thirty of them. */
const LOG_LINE_CHARS_MAX = 400
/** What a node takes without `SHARDS`. */
export const SHARDS = Number(process.env['SHARDS'] ?? 64)

export interface RunningOptions {
  log: ClusterLog
  /** The zone of each node. */
  zones: readonly string[]
  /** Clients reach gateways at their own ports and not through nginx. */
  direct?: boolean
  /** Told what happens. */
  progress(line: string): void
}

/** What a node says of itself at `/api/cluster`. */
export interface NodeFacts {
  node: string
  zone: string
  url: string
  state: 'starting' | 'ready' | 'draining'
  connections: number
  shards: number[]
}

/** A cluster in a temporary folder, for as long as whoever started it. Disposing of it ends it and removes everything. */
export class RunningCluster implements AsyncDisposable {
  /** The one address for people and programs. */
  readonly url: string
  readonly data: string

  private constructor(url: string, data: string) {
    this.url = url
    this.data = data
  }

  /** By the code of `npm run cluster`. Throws a {@link ClusterError} when something cannot be started or it was interrupted. */
  static async start({ log, zones, direct = false, progress }: RunningOptions): Promise<RunningCluster> {
    const data = await mkdtemp(join(tmpdir(), 'plenary-cluster-'))
    // As root, PostgreSQL runs as another user, who must get to its folder.
    await chmod(data, 0o755)
    const launched = await launch({ data, log, zones, direct }, false, progress)
    if (launched === null) throw new ClusterError('The cluster was interrupted while it started.')
    return new RunningCluster(launched.status.url, data)
  }

  async status(): Promise<ClusterStatus> {
    return await giveOrder(await this.#control(), { do: 'status' })
  }

  /** Resolves when it is done: for a drain, when the node has gone. */
  async act(action: PartAction, name: string): Promise<void> {
    await giveOrder(await this.#control(), { do: action, name })
  }

  async add(asked: Partial<NewNode> = {}): Promise<NodeStatus> {
    const { zone = null, roles = null, capacity = null, settings = null, main = null } = asked
    return await giveOrder(await this.#control(), { do: 'add', zone, roles, capacity, settings, main })
  }

  /** Of the nodes that run and answer. */
  async nodes(): Promise<NodeFacts[]> {
    const { nodes } = await this.status()
    const running = nodes.filter(({ pid, state }) => pid !== null && state !== 'paused')
    const told = await Promise.all(running.map(({ url }) => factsOf(url)))
    return told.filter((facts) => facts !== null)
  }

  /** The node that owns a room now; null while none does. */
  async ownerOf(room: RoomId, zone: string): Promise<NodeFacts | null> {
    const shard = shardOf(room, SHARDS)
    return (await this.nodes()).find((each) => each.zone === zone && each.shards.includes(shard)) ?? null
  }

  /** Of the Redis servers the one that takes writes. Throws when none does. */
  async redisPrimary(): Promise<string> {
    const primary = (await this.status()).engines.find(({ role, state }) => role === 'primary' && state === 'running')
    if (primary === undefined) throw new Error('No server of Redis is the primary.')
    return primary.name
  }

  /** The end of each node's log, for whoever must find out what went wrong. */
  async logs(): Promise<string> {
    const { nodes } = await this.status()
    const logs = nodes.map(async ({ name }) => {
      const text = await readFile(join(this.data, name, `${name}.log`), 'utf8').catch(() => '(no log)')
      const lines = text.trim().split('\n').slice(-LOG_LINES_SHOWN)
      return [`--- ${name}`, ...lines.map((line) => line.slice(0, LOG_LINE_CHARS_MAX))].join('\n')
    })
    return (await Promise.all(logs)).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endCluster(this.data, false)
  }

  async #control() {
    const state = await readState(this.data)
    if (state?.control == null) throw new ClusterError(`No cluster runs in ${this.data}.`)
    return state.control
  }
}

/** Waits until `look` gives something other than null and false. Throws with what was waited for when that takes too long. */
export async function eventually<T>(
  what: string,
  msMax: number,
  look: () => T | null | false | Promise<T | null | false>,
): Promise<T> {
  const until = performance.now() + msMax
  for (;;) {
    const found = await look()
    if (found !== null && found !== false) return found
    if (performance.now() > until) throw new Error(`Waited ${msMax / 1000} s in vain for this: ${what}`)
    await wait(POLL_MS)
  }
}

async function factsOf(url: string): Promise<NodeFacts | null> {
  try {
    const answer = await fetch(`${url}/api/cluster`, { signal: AbortSignal.timeout(ASK_MS_MAX) })
    return answer.ok ? { ...((await answer.json()) as Omit<NodeFacts, 'url'>), url } : null
  } catch {
    return null
  }
}
