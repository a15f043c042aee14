import { LIMITS } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { EtcdClient } from '../etcd/client.ts'
import type { LeaseTimes } from '../etcd/lease.ts'
import { pause } from '../etcd/pause.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { standForElection } from './election.ts'
import type { Election, Term } from './election.ts'
import { keysUnder, parseCosts, parseNode, parseShard, ROOT } from './etcd-keys.ts'
import type { NodeRecord, ShardRecord } from './etcd-keys.ts'
import { planMoves } from './plan-moves.ts'
import type { Move, PlannedShard } from './plan-moves.ts'

export interface BalancerOptions {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  zone: string
  /** This node's name. */
  node: string
  root?: string
  times?: LeaseTimes
  /** Between two looks. */
  periodMs?: number
  movesPerMinute?: number
  /** What every shard costs besides what is measured. */
  shardPoints?: number
}

/** Long enough for a move to show in the costs that nodes report. */
const PERIOD_MS = 4_000
const MOVES_AT_ONCE = 8
/** A shard that was moved stays where it is for so long: what it costs there is not known well before. */
const REST_MS = 10_000
const MINUTE_MS = 60_000
/** Points a second: an idle zone is evened out by the number of shards, and a handful of messages changes nothing. */
const SHARD_POINTS = 5

/**
 * Stands for leading the balance of a zone, and as its leader evens out what the nodes' shards cost: marks a few shards as wanted by
 * another node, at most so many a minute, and their owners hand them over. Run one on every node.
 */
export function startBalancer(options: BalancerOptions): Election {
  const { runtime, logger, zone, periodMs = PERIOD_MS } = options
  return standForElection({
    ...options,
    office: `balancer/${zone}`,
    async lead(term) {
      const balance = new Balance(options)
      // A zone that is just coming up settles first.
      await pause(runtime, periodMs, term.ended)
      while (!term.ended.aborted) {
        try {
          await balance.look(term)
        } catch (error) {
          logger.warn({ err: error, zone }, 'the balance of the zone could not be looked at')
        }
        await pause(runtime, periodMs, term.ended)
      }
    },
  })
}

interface KnownShard extends PlannedShard {
  modRevision: number
  record: ShardRecord
}

class Balance {
  readonly #options: BalancerOptions
  /** When which shard was moved, within the last minute. */
  readonly #moved: { shard: number; at: number }[] = []
  /** What each shard cost when that was last told: a new owner has not told yet. */
  readonly #costs = new Map<number, number>()

  constructor(options: BalancerOptions) {
    this.#options = options
  }

  async look(term: Term): Promise<void> {
    const { runtime, movesPerMinute = LIMITS.movesPerMinute } = this.#options
    const now = runtime.monotonic()
    while ((this.#moved[0]?.at ?? Infinity) <= now - MINUTE_MS) this.#moved.shift()
    const movesMax = Math.min(MOVES_AT_ONCE, movesPerMinute - this.#moved.length)
    if (movesMax <= 0) return
    const { nodes, shards } = await this.#read(now)
    for (const move of planMoves({ nodes, shards, movesMax })) {
      if (term.ended.aborted) return
      const known = shards.find(({ shard }) => shard === move.shard)
      if (known !== undefined) await this.#want(term, known, move)
    }
  }

  async #read(now: number): Promise<{ nodes: { id: string; draining: boolean }[]; shards: KnownShard[] }> {
    const { client, zone, root = ROOT, shardPoints = SHARD_POINTS } = this.#options
    const keys = keysUnder(root)
    const [nodeKeys, shardKeys, costKeys] = await Promise.all([
      client.list(keys.nodes),
      client.list(keys.shards(zone)),
      client.list(keys.costs(zone)),
    ])
    const nodes = new Map<string, NodeRecord & { lease: string }>()
    for (const { key, value, lease } of nodeKeys.items) {
      const record = parseNode(value)
      if (record?.zone === zone) nodes.set(key.slice(keys.nodes.length), { ...record, lease })
    }
    const told = new Map(
      costKeys.items.map(({ key, value }) => [key.slice(keys.costs(zone).length), parseCosts(value)]),
    )
    const shards: KnownShard[] = []
    for (const { key, value, modRevision } of shardKeys.items) {
      const record = parseShard(value)
      const owner = record?.owner
      // One without an owner is for the nodes to take.
      if (record == null || owner == null || nodes.get(owner.node)?.lease !== owner.lease) continue
      const shard = Number(key.slice(keys.shards(zone).length))
      const cost = told.get(owner.node)?.[String(shard)] ?? this.#costs.get(shard)
      if (cost !== undefined) this.#costs.set(shard, cost)
      const moving =
        record.wanted !== null || this.#moved.some((move) => move.shard === shard && move.at > now - REST_MS)
      shards.push({
        shard,
        owner: record.wanted ?? owner.node,
        cost: shardPoints + (cost ?? 0),
        // Of what is not known nothing can be planned.
        resting: moving || cost === undefined,
        modRevision,
        record,
      })
    }
    return { nodes: [...nodes].map(([id, { draining }]) => ({ id, draining })), shards }
  }

  async #want(term: Term, { shard, modRevision, record, cost }: KnownShard, move: Move): Promise<void> {
    const { client, logger, runtime, zone, root = ROOT } = this.#options
    const key = keysUnder(root).shards(zone) + String(shard)
    const wanted: ShardRecord = { ...record, wanted: move.to }
    const { done } = await client.txn([{ key, modRevision }, term.proof], [{ key, value: JSON.stringify(wanted) }])
    if (!done) return
    this.#moved.push({ shard, at: runtime.monotonic() })
    logger.info({ zone, shard, from: move.from, to: move.to, cost }, 'a shard moves')
  }
}
