import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { RedisLink } from '../redis/connect.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** One PUBLISH. */
export interface Parcel {
  channel: string
  bytes: Buffer
  /** How many connections got it; null when it was lost, or nobody can tell. Called once. */
  done?(receivers: number | null): void
}

/** Waiting and under way together. */
const OUTBOX_BYTES_MAX = 32 * 1024 * 1024
/** One pipeline: past this, the next one. */
const PIPELINE_PARCELS_MAX = 1_000
const PIPELINE_BYTES_MAX = 1024 * 1024
/** While there is no connection a parcel waits for so long: about as long as a failover takes. Past that its reader has found a hole. */
const HOLD_MS = 10_000
const COMPLAIN_MS = 5_000

/**
 * What one process publishes, in the order of the calls. All that is published in one turn of the event loop goes out in one
 * write. Each parcel is sent at most once: what was under way when a connection broke may have arrived, so it is given up.
 */
export class Outbox {
  readonly #link: RedisLink
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #metrics: Metrics
  #waiting: { parcel: Parcel; until: number }[] = []
  #bytes = 0
  #due = false
  #complainedAt = -Infinity
  #emptied: (() => void) | null = null

  constructor(link: RedisLink, deps: { runtime: Runtime; logger: Logger; metrics: Metrics }) {
    this.#link = link
    this.#runtime = deps.runtime
    this.#logger = deps.logger
    this.#metrics = deps.metrics
    link.redis.on('ready', () => this.#schedule())
  }

  post(parcel: Parcel): void {
    if (this.#bytes + parcel.bytes.length > OUTBOX_BYTES_MAX) return this.#lose(parcel, 'full')
    this.#bytes += parcel.bytes.length
    this.#waiting.push({ parcel, until: this.#runtime.monotonic() + HOLD_MS })
    this.#schedule()
  }

  /** Resolves once everything is sent or lost. */
  async emptied(): Promise<void> {
    if (this.#bytes > 0) await new Promise<void>((resolve) => (this.#emptied = resolve))
  }

  #schedule(): void {
    if (this.#due || this.#waiting.length === 0) return
    this.#due = true
    this.#runtime.defer(() => {
      this.#due = false
      this.#flush()
    })
  }

  #flush(): void {
    const now = this.#runtime.monotonic()
    const late = this.#waiting.findIndex(({ until }) => until > now)
    for (const { parcel } of this.#waiting.splice(0, late < 0 ? this.#waiting.length : late)) {
      this.#bytes -= parcel.bytes.length
      this.#lose(parcel, 'late')
    }
    if (!this.#link.ready) return
    const parcels = this.#waiting.map(({ parcel }) => parcel)
    this.#waiting = []
    let from = 0
    let bytes = 0
    for (const [at, { bytes: own }] of parcels.entries()) {
      if (at > from && (at - from >= PIPELINE_PARCELS_MAX || bytes + own.length > PIPELINE_BYTES_MAX)) {
        void this.#send(parcels.slice(from, at))
        from = at
        bytes = 0
      }
      bytes += own.length
    }
    if (from < parcels.length) void this.#send(parcels.slice(from))
  }

  async #send(parcels: readonly Parcel[]): Promise<void> {
    const pipeline = this.#link.redis.pipeline()
    for (const { channel, bytes } of parcels) pipeline.publish(channel, bytes)
    const results = (await pipeline.exec()) ?? []
    for (const [at, parcel] of parcels.entries()) {
      this.#bytes -= parcel.bytes.length
      const [error, receivers] = results[at] ?? [new Error('There was no answer.')]
      if (error === null) parcel.done?.(Number(receivers))
      else this.#lose(parcel, 'lost', error)
    }
    if (this.#bytes === 0) this.#emptied?.()
  }

  #lose(parcel: Parcel, why: 'full' | 'late' | 'lost', error?: Error): void {
    this.#metrics.count('bus_lost_total', 1, { why })
    const now = this.#runtime.monotonic()
    if (now - this.#complainedAt >= COMPLAIN_MS) {
      this.#complainedAt = now
      this.#logger.warn(
        { why, channel: parcel.channel, reason: error?.message },
        'messages between nodes are being lost',
      )
    }
    parcel.done?.(null)
  }
}
