import type { Crowd } from './crowd.ts'
import type { Deliveries } from './deliveries.ts'

/** Deliveries may come as long as they go on coming; only then is the next load offered. */
const QUIET_MS = 400
const DRAIN_MS_MAX = 30_000
const TICK_MS = 2

export interface Offer {
  /** Entries a second, evenly, whatever becomes of them. */
  perSecond: number
  /** Streams of them side by side. */
  publishers: number
  forMs: number
  /** At the beginning, so much is not counted. */
  warmMs: number
}

export interface Offered {
  asked: number
  acknowledged: number
  /** Entries times sockets that came in time to be counted. */
  deliveries: number
  /** Milliseconds from asking to a socket's having it; infinite when more never came. */
  p50Ms: number
  p99Ms: number
  /** Milliseconds from asking to the acknowledgement, of those that came. */
  ackP50Ms: number
  ackP99Ms: number
  refused: number
  /** CPU time of this process while it offered, as a share of one core: near 1 it is the load generator that was measured. */
  loadCpuShare: number
}

/** A load that is offered whether the server keeps up or not, and when each entry was asked for and came to each socket. */
export class OfferedLoad implements Deliveries {
  readonly #sockets: number
  readonly #first: number
  /** By number, when it was asked for. */
  readonly #askedAt: number[] = []
  /** By number, its place. */
  readonly #placeOf: number[] = []
  /** By number, how long its acknowledgement took. */
  readonly #ackMs: number[] = []
  #acknowledged = 0
  #refused = 0
  /** Triples: after, through, when. */
  readonly #came: number[] = []
  #lastAt = 0

  constructor(sockets: number, first: number) {
    this.#sockets = sockets
    this.#first = first
  }

  delivered(after: number, through: number): void {
    this.#lastAt = performance.now()
    this.#came.push(after, through, this.#lastAt)
  }

  acknowledged(number: number, seq: number): void {
    this.#acknowledged++
    const index = number - this.#first
    this.#placeOf[index] = seq
    this.#ackMs[index] = performance.now() - (this.#askedAt[index] ?? NaN)
  }

  refused(): void {
    this.#refused++
  }

  async run(crowd: Crowd, offer: Offer): Promise<Offered> {
    const { perSecond, publishers, forMs, warmMs } = offer
    const began = performance.now()
    const cpu = process.cpuUsage()
    const total = Math.floor((perSecond * forMs) / 1_000)
    while (this.#askedAt.length < total) {
      const now = performance.now()
      const due = Math.min(total, Math.ceil(((now - began) * perSecond) / 1_000))
      while (this.#askedAt.length < due) {
        const index = this.#askedAt.length
        crowd.ask(speakerOf(index, publishers, crowd.size), this.#first + index)
        this.#askedAt.push(now)
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MS))
    }
    const { user, system } = process.cpuUsage(cpu)
    const endedAt = performance.now()
    this.#lastAt = endedAt
    while (performance.now() - this.#lastAt < QUIET_MS && performance.now() - endedAt < DRAIN_MS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4))
    }
    return { ...this.#sum(began + warmMs), loadCpuShare: (user + system) / 1_000 / (endedAt - began) }
  }

  #sum(from: number): Omit<Offered, 'loadCpuShare'> {
    const askedAtPlace = new Map<number, number>()
    for (const [index, at] of this.#askedAt.entries()) {
      const place = this.#placeOf[index]
      if (at >= from && place !== undefined) askedAtPlace.set(place, at)
    }
    const counted = this.#askedAt.filter((at) => at >= from).length
    const waits: number[] = []
    for (let at = 0; at < this.#came.length; at += 3) {
      const through = this.#came[at + 1] ?? 0
      const when = this.#came[at + 2] ?? 0
      for (let place = (this.#came[at] ?? 0) + 1; place <= through; place++) {
        const asked = askedAtPlace.get(place)
        if (asked !== undefined) waits.push(when - asked)
      }
    }
    const sorted = Float64Array.from(waits).toSorted()
    // What never came waits for ever.
    const expected = counted * this.#sockets
    const quantile = (share: number) => sorted[Math.ceil(share * expected) - 1] ?? Infinity
    const acks = this.#ackMs.filter((_, index) => (this.#askedAt[index] ?? 0) >= from).toSorted((a, b) => a - b)
    return {
      asked: counted,
      acknowledged: this.#acknowledged,
      deliveries: sorted.length,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      ackP50Ms: acks[Math.ceil(0.5 * acks.length) - 1] ?? Infinity,
      ackP99Ms: acks[Math.ceil(0.99 * acks.length) - 1] ?? Infinity,
      refused: this.#refused,
    }
  }
}

/**
 * Which socket a publisher uses for this entry. One connection may say only so much a second, so each publisher takes turns over
 * sockets of its own.
 */
function speakerOf(index: number, publishers: number, sockets: number): number {
  const publisher = index % publishers
  const own = Math.max(1, Math.floor(sockets / publishers))
  return (publisher + publishers * (Math.floor(index / publishers) % own)) % sockets
}
