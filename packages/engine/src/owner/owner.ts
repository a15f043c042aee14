import { PlenaryError } from '@plenary/kinds'
import type { BusMessage, Subscription } from '../bus/bus.ts'
import { Fenced } from '../log/log.ts'
import { limitedLog } from '../log/log-limited.ts'
import type { Holding, Placement } from '../placement/placement.ts'
import type { Timer } from '../runtime/runtime.ts'
import { shardName, shardOf, shardTopic, TAKEN_TOPIC } from './orders.ts'
import type { Order, TakenNotice } from './orders.ts'
import { LogOutage } from './outage.ts'
import { Seat } from './seat.ts'
import { Shard } from './shard.ts'
import type { ShardDeps } from './shard.ts'

/** How often heads are repeated and idle rooms looked for. */
const TEND_MS = 2_000
/** An epoch that ends sooner than this is followed by the next one only when so long has passed since its beginning. */
const RENEW_PAUSE_MS = 250

/**
 * The owner role: runs the rooms of the shards that placement gives this node, and answers for them on the bus. A shard whose log
 * fails stays this node's: it is taken again at the next epoch as soon as the log answers, and until then it says so at once
 * instead of keeping anyone waiting.
 */
export class Owner {
  readonly #deps: ShardDeps
  readonly #placement: Placement
  readonly #seats = new Map<number, Seat>()
  readonly #outage: LogOutage
  readonly #encoder = new TextEncoder()
  #tending: Timer | null = null
  #listening: Subscription | null = null
  #stopped = false

  constructor(deps: ShardDeps, placement: Placement) {
    this.#deps = { ...deps, log: limitedLog(deps.log, deps.runtime) }
    this.#placement = placement
    this.#outage = new LogOutage(deps)
    deps.metrics.gauge('shards_owned', () => this.#running().length)
    deps.metrics.gauge('rooms_active', () => this.#running().reduce((sum, shard) => sum + shard.rooms, 0))
  }

  get shards(): number[] {
    return this.#running()
      .map(({ holding }) => holding.shard)
      .toSorted((a, b) => a - b)
  }

  async start(): Promise<void> {
    await this.#placement.start({
      gained: (holding) => this.#gained(holding),
      lost: (holding) => this.#lost(holding),
      cost: (holding) => this.#seats.get(holding.shard)?.running?.cost ?? 0,
    })
    this.#tending = this.#deps.runtime.every(TEND_MS, () => void this.#tend())
    // What this node told while it was cut off nobody has heard, and of rooms that were put away since it repeats no heads.
    this.#listening = this.#deps.bus.onWhole(() => {
      for (const { holding } of this.#running()) this.#sayTaken(holding)
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#tending?.cancel()
    await this.#listening?.close()
    for (const seat of this.#seats.values()) seat.unschedule()
    await this.#placement.stop()
    // Those that had no log when they were let go.
    await Promise.all([...this.#seats.values()].map((seat) => this.#leave(seat)))
  }

  #running(): Shard[] {
    return [...this.#seats.values()].flatMap(({ running }) => (running === null ? [] : [running]))
  }

  async #gained(holding: Holding): Promise<void> {
    const { runtime, logger } = this.#deps
    const seat = this.#seats.get(holding.shard) ?? new Seat(runtime, holding)
    this.#seats.set(holding.shard, seat)
    seat.holding = holding
    seat.unschedule()
    let shard: Shard | null = null
    try {
      shard = await this.#take(seat, holding)
      // Before it can be asked: nobody is to hear of a shard that it is not ready.
      if (this.#has(seat, holding)) seat.run(shard)
      await Promise.all([shard.start(), this.#answerFor(seat)])
      // Its epoch ended meanwhile, and the next one is being asked for.
      if (shard.over && !this.#stopped && this.#has(seat, holding)) return
      // It may have been lost while it was being taken.
      if (this.#stopped || !this.#has(seat, holding) || holding.validUntil() <= runtime.monotonic()) {
        if (seat.running === shard) seat.halt()
        await shard.stop()
        if (this.#has(seat, holding)) await this.#leave(seat)
        else await this.#hushLeft(seat)
        return
      }
      this.#outage.back(this.#name(holding))
      void this.#sweepKeys(shard)
      this.#sayTaken(holding)
    } catch (error) {
      if (seat.running === shard) seat.halt()
      shard?.abandon(new PlenaryError('moved', 'The room is being taken up again; ask once more.', { cause: error }))
      if (!this.#has(seat, holding)) return this.#hushLeft(seat)
      if (error instanceof Fenced) logger.warn({ err: error }, 'a shard could not be taken')
      else this.#outage.away(this.#name(holding), error)
      this.#tryAgain(seat, holding)
      this.#sayAway(seat)
    }
  }

  /** An owner that ended between a secret scope's end and the end of its key left the key behind; opening the room destroys it. */
  async #sweepKeys(shard: Shard): Promise<void> {
    const { keys, directory, logger } = this.#deps
    const { zone, shards } = this.#placement
    if (keys === undefined) return
    try {
      for (const room of await keys.rooms()) {
        if (shardOf(room, shards) !== shard.holding.shard || shard.over) continue
        if (directory.zoneOf === undefined || (await directory.zoneOf(room)) === zone) await shard.open(room)
      }
    } catch (error) {
      if (!shard.over) logger.warn({ err: error }, 'keys of secret scopes could not be looked through')
    }
  }

  /** Throws what the log throws. */
  async #take(seat: Seat, holding: Holding): Promise<Shard> {
    const { runtime, log, logger } = this.#deps
    const name = this.#name(holding)
    const takenAt = runtime.monotonic()
    const own = await log.acquire(name, holding.epoch)
    const shard: Shard = new Shard(this.#deps, holding, own, (error) => {
      if (error instanceof Fenced) logger.warn({ err: error, shard: name, epoch: holding.epoch }, 'an epoch is over')
      else this.#outage.away(name, error)
      if (seat.running === shard) seat.halt()
      // A log that fails every append must not be asked for one epoch after the other without a pause.
      const pauseMs = takenAt + RENEW_PAUSE_MS - runtime.monotonic()
      if (pauseMs > 0) seat.after(pauseMs, () => void this.#renew(seat, holding))
      else void this.#renew(seat, holding)
    })
    return shard
  }

  async #lost(holding: Holding): Promise<void> {
    const seat = this.#seats.get(holding.shard)
    if (seat === undefined || seat.holding !== holding) return
    if (seat.renewing === holding) await seat.halt()?.stop()
    else await this.#leave(seat)
  }

  /** Asks the log first: while that is away, a new epoch would be good for nothing. */
  async #renew(seat: Seat, holding: Holding): Promise<void> {
    if (this.#stopped || seat.trying === holding || !this.#has(seat, holding)) return
    seat.trying = holding
    try {
      await this.#deps.log.epoch(this.#name(holding))
      if (this.#has(seat, holding)) await this.#placeAgain(seat, holding)
    } catch (error) {
      if (!this.#has(seat, holding)) return
      this.#outage.away(this.#name(holding), error)
      this.#tryAgain(seat, holding)
      this.#sayAway(seat)
    } finally {
      if (seat.trying === holding) seat.trying = null
    }
  }

  async #placeAgain(seat: Seat, holding: Holding): Promise<void> {
    seat.renewing = holding
    try {
      await this.#placement.renew(holding)
    } catch (error) {
      this.#deps.logger.warn({ err: error, shard: this.#name(holding) }, 'a shard was not placed again')
      if (!this.#has(seat, holding)) return
      this.#tryAgain(seat, holding)
      // The log answers, so the shard may be running elsewhere by now.
      await this.#hush(seat)
      return
    } finally {
      if (seat.renewing === holding) seat.renewing = null
    }
    // Nothing was gained in its place: it is another node's now.
    if (this.#has(seat, holding)) await this.#leave(seat)
  }

  #tryAgain(seat: Seat, holding: Holding): void {
    if (!this.#stopped) seat.schedule(() => void this.#renew(seat, holding))
  }

  /** Whether this is still the holding of a seat of ours. */
  #has(seat: Seat, holding: Holding): boolean {
    return this.#seats.get(holding.shard) === seat && seat.holding === holding
  }

  /** The shard is no longer this node's: what was taken is made durable, then somebody else answers. */
  async #leave(seat: Seat): Promise<void> {
    const { shard } = seat.holding
    if (this.#seats.get(shard) === seat) this.#seats.delete(shard)
    seat.unschedule()
    this.#outage.back(this.#name(seat.holding))
    await seat.running?.stop()
    seat.halt()
    await this.#hush(seat)
  }

  /** Resolves once whoever asks for the shard is answered here. Throws what the bus throws. */
  async #answerFor(seat: Seat): Promise<void> {
    const topic = shardTopic(this.#placement.zone, seat.holding.shard)
    seat.answering ??= this.#deps.bus.respond(topic, (message) => this.#answer(seat, message))
    const { answering } = seat
    try {
      await answering
    } catch (error) {
      if (seat.answering === answering) seat.answering = null
      throw error
    }
  }

  /** While the log is away nobody can run the shard, so whoever has it says so: whoever asks must not be left to guess. */
  #sayAway(seat: Seat): void {
    this.#answerFor(seat).catch((error: unknown) => {
      this.#deps.logger.warn({ err: error, shard: this.#name(seat.holding) }, 'a shard cannot be asked for')
    })
  }

  /** A seat that was left while it began to answer: nobody else would ever end that, and it would go on telling that the log is away. */
  async #hushLeft(seat: Seat): Promise<void> {
    if (this.#seats.get(seat.holding.shard) !== seat) await this.#hush(seat)
  }

  async #hush(seat: Seat): Promise<void> {
    const { answering } = seat
    seat.answering = null
    await answering?.then(
      (held) => held.close(),
      () => undefined,
    )
  }

  /** Gateways ask then how far their rooms of the shard reach. */
  #sayTaken({ shard }: Holding): void {
    this.#deps.bus.publish(TAKEN_TOPIC, { header: { shard } satisfies TakenNotice })
  }

  #name(holding: Holding): string {
    return shardName(this.#placement.zone, holding.shard)
  }

  async #tend(): Promise<void> {
    for (const shard of this.#running()) await shard.tend()
  }

  #answer(seat: Seat, message: BusMessage): Promise<BusMessage> {
    const order = message.header as Order
    // What comes by the thousand is handed straight through, with no promise in between.
    if (order.op === 'command' && seat.running !== null) return seat.running.command(order.command)
    return this.#carryOut(seat, order)
  }

  async #carryOut(seat: Seat, order: Order): Promise<BusMessage> {
    const shard = seat.serving()
    switch (order.op) {
      case 'command':
        return await shard.command(order.command)
      case 'open':
        return { header: await shard.open(order.room) }
      case 'view': {
        const { seq, view } = await shard.view(order.room, order.audience)
        return { header: { seq }, payload: this.#encoder.encode(view) }
      }
      case 'mine':
        return { header: await shard.mine(order.room, order.users) }
      case 'mayPutFiles':
        return { header: { may: await shard.mayPutFiles(order.room, order.who) } }
      case 'fill': {
        const { header, packet } = await shard.fill(order.room, order.audience, order.after)
        return { header, payload: packet }
      }
      default:
        // From a gateway of a newer version: an owner of that version will know it.
        throw new PlenaryError('unavailable', 'An owner does not know this order.', { retryAfter: 1_000 })
    }
  }
}
