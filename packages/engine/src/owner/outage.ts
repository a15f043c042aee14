import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Runtime } from '../runtime/runtime.ts'

/**
 * Which shards of this node have lost their log. Shards fail and come back one by one, and an operator wants to hear of it once: when the first
 * one fails, and when the last one is back.
 */
export class LogOutage {
  readonly #deps: { runtime: Runtime; logger: Logger; metrics: Metrics }
  readonly #without = new Set<string>()
  #since = 0
  #tries = 0

  constructor(deps: { runtime: Runtime; logger: Logger; metrics: Metrics }) {
    this.#deps = deps
    deps.metrics.gauge('shards_without_log', () => this.#without.size)
  }

  /** A shard's log failed it, for the first time or again. */
  away(shard: string, error: unknown): void {
    const { runtime, logger, metrics } = this.#deps
    if (this.#without.size === 0) {
      this.#since = runtime.monotonic()
      this.#tries = 0
      metrics.count('log_outages_total')
      logger.error({ err: error, shard }, 'the log failed; its shards are tried again until it answers')
    } else {
      logger.debug({ err: error, shard }, 'a shard is still without its log')
    }
    this.#tries++
    this.#without.add(shard)
  }

  /** A shard runs again, or is no longer this node's. */
  back(shard: string): void {
    if (!this.#without.delete(shard) || this.#without.size > 0) return
    const tookMs = Math.round(this.#deps.runtime.monotonic() - this.#since)
    this.#deps.logger.info({ tookMs, failures: this.#tries }, 'the log answers again')
  }
}
