import { chat, type RoomId } from '@plenary/kinds'
import { etcdClient } from '@plenary/engine/etcd'
import { realRuntime } from '@plenary/engine'
import { createClient, memoryStorage } from '../../packages/client/src/index.ts'
import { shardOf } from '../../packages/engine/src/owner/orders.ts'
import { keysUnder, parseShard, ROOT } from '../../packages/engine/src/placement/etcd-keys.ts'
import { eventually, SHARDS, type RunningCluster } from '../cluster/running.ts'

const MOVE_MS_MAX = 10_000
const OWNER_MS_MAX = 15_000
/** A gateway this near to its part of the sockets has it; the monitor begins at less. */
const EVEN_SHARE = 0.25

/** A cluster with an event on it, and what was done to it that is to be undone. */
export class Stage {
  readonly cluster: RunningCluster
  readonly zone: string
  readonly signal: AbortSignal
  code = ''
  /** A node that was killed or drained. */
  gone: string | null = null
  /** A node that was not there before. */
  added: string | null = null
  /** An engine that was killed. */
  engineGone: string | null = null
  #room: RoomId | null = null

  constructor(cluster: RunningCluster, zone: string, signal: AbortSignal) {
    this.cluster = cluster
    this.zone = zone
    this.signal = signal
  }

  /** A fresh event with an empty room. */
  async event(title: string): Promise<void> {
    const client = createClient({ url: this.cluster.url, storage: memoryStorage() })
    const { event } = await client.createEvent({ title })
    this.code = event.code
    this.#room = event.rooms.find(({ kind }) => kind === chat.name)?.id ?? null
  }

  /** The name of the node that owns the room. */
  async owner(): Promise<string> {
    const room = this.#roomId()
    return (await eventually('an owner of the room', OWNER_MS_MAX, () => this.cluster.ownerOf(room, this.zone))).node
  }

  /** Has the room's shard handed over to another node, as the balancer does, and waits until that has it. */
  async moveRoom(): Promise<void> {
    const from = await this.owner()
    const others = (await this.cluster.nodes()).filter(
      ({ node, zone, state }) => node !== from && zone === this.zone && state === 'ready',
    )
    const to = others[Math.floor(Math.random() * others.length)]?.node
    if (to === undefined) throw new Error('There is no node to move the room to.')
    const etcd = (await this.cluster.status()).engines.find(({ name }) => name === 'etcd')
    const client = etcdClient({ endpoints: [etcd?.url ?? ''], runtime: realRuntime() })
    try {
      const key = `${keysUnder(ROOT).shards(this.zone)}${shardOf(this.#roomId(), SHARDS)}`
      await eventually('the shard marked as wanted elsewhere', MOVE_MS_MAX, async () => {
        const kept = await client.get(key)
        const record = kept === null ? null : parseShard(kept.value)
        if (kept === null || record === null) return false
        const value = JSON.stringify({ ...record, wanted: to })
        return (await client.txn([{ key, modRevision: kept.modRevision }], [{ key, value }])).done
      })
    } finally {
      client.close()
    }
    await eventually(`the room on ${to}`, MOVE_MS_MAX, async () => (await this.owner()) === to)
  }

  /** Whether the sockets are spread over the nodes as the monitor leaves them. */
  async isEven(): Promise<boolean> {
    const counts = (await this.cluster.nodes()).map(({ connections }) => connections)
    const part = counts.reduce((sum, count) => sum + count, 0) / counts.length
    return counts.every((count) => Math.abs(count - part) <= part * EVEN_SHARE)
  }

  async restartGone(): Promise<void> {
    if (this.gone !== null) await this.cluster.act('restart', this.gone)
    this.gone = null
  }

  async restartEngine(): Promise<void> {
    if (this.engineGone !== null) await this.cluster.act('restart', this.engineGone)
    this.engineGone = null
  }

  #roomId(): RoomId {
    if (this.#room === null) throw new Error('There is no event yet.')
    return this.#room
  }
}
