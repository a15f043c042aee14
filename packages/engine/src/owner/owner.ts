import { PlenaryError } from '@plenary/kinds'
import type { BusMessage, Subscription } from '../bus/bus.ts'
import type { Holding, Placement } from '../placement/placement.ts'
import type { Timer } from '../runtime/runtime.ts'
import { shardName, shardTopic, TAKEN_TOPIC } from './orders.ts'
import type { Order, TakenNotice } from './orders.ts'
import { Shard } from './shard.ts'
import type { ShardDeps } from './shard.ts'

/** How often heads are repeated and idle rooms looked for. */
const TEND_MS = 2_000
/** After a holding that could not be started or given back, so long until the next try. */
const RENEW_RETRY_MS = 500
/** An epoch that ends sooner than this is followed by the next one only when so long has passed since its beginning. */
const RENEW_PAUSE_MS = 250

/** The owner role: runs the rooms of the shards that placement gives this node, and answers for them on the bus. */
export class Owner {
  readonly #deps: ShardDeps
  readonly #placement: Placement
  readonly #shards = new Map<number, { shard: Shard; answering: Subscription }>()
  readonly #encoder = new TextEncoder()
  #tending: Timer | null = null
  #stopped = false

  constructor(deps: ShardDeps, placement: Placement) {
    this.#deps = deps
    this.#placement = placement
    deps.metrics.gauge('shards_owned', () => this.#shards.size)
    deps.metrics.gauge('rooms_active', () =>
      [...this.#shards.values()].reduce((sum, { shard }) => sum + shard.rooms, 0),
    )
  }

  get shards(): number[] {
    return [...this.#shards.keys()].toSorted((a, b) => a - b)
  }

  async start(): Promise<void> {
    await this.#placement.start({
      gained: (holding) => this.#gained(holding),
      lost: (holding) => this.#lost(holding),
      cost: (holding) => this.#shards.get(holding.shard)?.shard.cost ?? 0,
    })
    this.#tending = this.#deps.runtime.every(TEND_MS, () => void this.#tend())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#tending?.cancel()
    await this.#placement.stop()
  }

  async #gained(holding: Holding): Promise<void> {
    const { zone } = this.#placement
    const { runtime, bus, logger } = this.#deps
    const name = shardName(zone, holding.shard)
    const takenAt = runtime.monotonic()
    let shard: Shard | null = null
    try {
      const log = await this.#deps.log.acquire(name, holding.epoch)
      const taken = new Shard(this.#deps, holding, log, (error) => {
        logger.warn({ err: error, shard: name, epoch: holding.epoch }, 'an epoch is over')
        // A log that fails every append must not be asked for one epoch after the other without a pause.
        const pauseMs = Math.max(0, takenAt + RENEW_PAUSE_MS - runtime.monotonic())
        if (pauseMs === 0) void this.#renew(holding)
        else runtime.after(pauseMs, () => void this.#renew(holding))
      })
      shard = taken
      await taken.start()
      const answering = await bus.respond(shardTopic(zone, holding.shard), (message) => this.#answer(taken, message))
      // It may have been lost, or have failed, while it was being taken.
      if (this.#stopped || taken.over || holding.validUntil() <= runtime.monotonic()) {
        await answering.close()
        await taken.stop()
        return
      }
      this.#shards.set(holding.shard, { shard: taken, answering })
      bus.publish(TAKEN_TOPIC, { header: { shard: holding.shard } satisfies TakenNotice })
    } catch (error) {
      logger.error({ err: error, shard: name, epoch: holding.epoch }, 'a shard could not be taken')
      shard?.abandon(new PlenaryError('moved', 'The room is being taken up again; ask once more.', { cause: error }))
      runtime.after(RENEW_RETRY_MS, () => void this.#renew(holding))
    }
  }

  async #lost(holding: Holding): Promise<void> {
    const held = this.#shards.get(holding.shard)
    if (held === undefined || held.shard.holding !== holding) return
    this.#shards.delete(holding.shard)
    await held.shard.stop()
    await held.answering.close()
  }

  async #renew(holding: Holding): Promise<void> {
    if (this.#stopped) return
    try {
      await this.#placement.renew(holding)
    } catch (error) {
      this.#deps.logger.error({ err: error, shard: holding.shard }, 'a shard could not be taken again')
      this.#deps.runtime.after(RENEW_RETRY_MS, () => void this.#renew(holding))
    }
  }

  async #tend(): Promise<void> {
    for (const { shard } of this.#shards.values()) await shard.tend()
  }

  async #answer(shard: Shard, message: BusMessage): Promise<BusMessage> {
    const order = message.header as Order
    switch (order.op) {
      case 'command':
        return { header: await shard.command(order.command) }
      case 'open':
        return { header: await shard.open(order.room) }
      case 'view': {
        const { seq, view } = await shard.view(order.room, order.audience)
        return { header: { seq }, payload: this.#encoder.encode(view) }
      }
      case 'mine':
        return { header: await shard.mine(order.room, order.users) }
      case 'fill': {
        const { header, packet } = await shard.fill(order.room, order.audience, order.after)
        return { header, payload: packet }
      }
      default:
        throw new PlenaryError('bad_request', 'An owner does not know this order.')
    }
  }
}
