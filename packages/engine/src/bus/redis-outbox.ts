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
    const { redis } = this.#link
    const { stream } = redis
    const waiting = this.#waiting
    this.#waiting = []
    // Not by the library's pipeline: to make one costs more than a message.
    stream.cork()
    for (const { parcel } of waiting) {
      redis.publish(parcel.channel, parcel.bytes).then(
        (receivers) => {
          parcel.done?.(receivers)
          this.#gone(parcel)
        },
        (error: unknown) => {
          this.#lose(parcel, 'lost', error)
          this.#gone(parcel)
        },
      )
    }
    stream.uncork()
  }

  #gone(parcel: Parcel): void {
    this.#bytes -= parcel.bytes.length
    if (this.#bytes === 0) this.#emptied?.()
  }

  #lose(parcel: Parcel, why: 'full' | 'late' | 'lost', error?: unknown): void {
    this.#metrics.count('bus_lost_total', 1, { why })
    const now = this.#runtime.monotonic()
    if (now - this.#complainedAt >= COMPLAIN_MS) {
      this.#complainedAt = now
      this.#logger.warn(
        { why, channel: parcel.channel, reason: error instanceof Error ? error.message : undefined },
        'messages between nodes are being lost',
      )
    }
    parcel.done?.(null)
  }
}
