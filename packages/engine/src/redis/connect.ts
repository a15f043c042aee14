import { PlenaryError } from '@plenary/kinds'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Runtime } from '../runtime/runtime.ts'
import { within } from '../runtime/within.ts'
import { ListeningConnector } from './sentinel-connector.ts'
import { describeTarget, targetOptions } from './target.ts'
import type { LinkSettings, RedisTarget } from './target.ts'

export interface LinkOptions {
  target: RedisTarget
  /** What the connection is for: its name in logs and in Redis' own list of clients. */
  purpose: string
  runtime: Runtime
  logger: Logger
}

/** A TCP connection is made, or given up, within so long. */
const CONNECT_MS_MAX = 2_000
/** The first connection of a start; engines may be starting as well. */
const START_MS_MAX = 10_000
/** An answer that does not come for so long means that the connection is dead, whatever TCP says of it. */
const SILENCE_MS_MAX = 2_500
/** How often the connection is asked for a sign of life, and whether it still leads to the primary. */
const PROBE_MS = 1_000
/** How long a connection that is given up may take to close in an orderly way. */
const GIVE_UP_MS = 200
const BACKOFF_MIN_MS = 20
const BACKOFF_MAX_MS = 1_000
const SENTINEL_ANSWER_MS_MAX = 1_000
/** Who waits for a connection that is down: at most so long, and so many. */
const READY_WAIT_MS = 2_000
const READY_WAITING_MAX = 1_000

/**
 * One connection to Redis that comes back by itself, without end, after whatever befell it; through sentinels to whichever server
 * is the primary then. Nothing is sent twice: what was under way when a connection broke fails, and what is sent while there is
 * none fails at once. Each user decides what may wait, and how much of it.
 */
export class RedisLink {
  readonly redis: Redis
  readonly #logger: Logger
  readonly #runtime: Runtime
  readonly #watched: boolean
  #closed = false
  #lostAt: number | null = null
  #lastError = 'no answer'
  #waiting = 0
  /** What those wait for. */
  #usable: PromiseWithResolvers<void> | null = null

  private constructor(options: LinkOptions) {
    const { target, purpose, runtime, logger } = options
    const server = describeTarget(target)
    const where = targetOptions(target)
    const backoff = (tries: number) => backoffMs(runtime, tries)
    this.#runtime = runtime
    this.#watched = where.sentinels !== undefined
    this.#logger = logger.child({ redis: server, purpose })
    const settings: LinkSettings = {
      ...where,
      ...(this.#watched ? { Connector: ListeningConnector, failoverDetector: true } : {}),
      connectionName: `plenary-${purpose}`,
      lazyConnect: true,
      connectTimeout: CONNECT_MS_MAX,
      disconnectTimeout: GIVE_UP_MS,
      socketTimeout: SILENCE_MS_MAX,
      sentinelCommandTimeout: SENTINEL_ANSWER_MS_MAX,
      retryStrategy: backoff,
      sentinelRetryStrategy: backoff,
      sentinelReconnectStrategy: backoff,
      // A primary that was demoted while nobody could tell us.
      reconnectOnError: (error) => error.message.includes('READONLY'),
      enableOfflineQueue: false,
      // What has no answer when the connection breaks fails there and then, and is never sent again.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
    }
    this.redis = new Redis(settings)
    this.redis.on('error', (error: Error) => {
      // Only the message: errors of the library carry the arguments of the command, and those may be a password.
      this.#lastError = error.message
      this.#logger.debug({ reason: error.message }, 'a connection to Redis failed')
    })
    this.redis.on('ready', () => this.#back())
    this.redis.on('close', () => this.#lost())
    this.redis.on('end', () => this.#ended())
  }

  /** Resolves once it is usable. Throws one clear line when that takes too long; it is closed then. */
  static async open(options: LinkOptions): Promise<RedisLink> {
    const link = new RedisLink(options)
    const ready = new Promise<void>((resolve) => void link.redis.once('ready', resolve))
    link.#connect()
    const late = () => new Error(`Redis at ${describeTarget(options.target)} cannot be reached: ${link.#lastError}.`)
    try {
      await within(options.runtime, ready, START_MS_MAX, late)
    } catch (error) {
      await link.close()
      throw error
    }
    link.#probe()
    return link
  }

  get ready(): boolean {
    return this.redis.status === 'ready' && this.redis.stream.writable
  }

  /** Resolves once it is usable. Rejects with `unavailable` when that takes too long, or too many wait already. */
  async whenReady(): Promise<void> {
    if (this.ready) return
    const unavailable = () =>
      new PlenaryError('unavailable', 'Redis cannot be reached right now.', { retryAfter: 1_000 })
    if (this.#closed || this.#waiting >= READY_WAITING_MAX) throw unavailable()
    this.#waiting++
    this.#usable ??= Promise.withResolvers()
    try {
      await within(this.#runtime, this.#usable.promise, READY_WAIT_MS, unavailable)
    } finally {
      this.#waiting--
    }
  }

  /** Ends it for good; what is under way fails. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const { redis } = this
    const ended = new Promise<void>((resolve) => void redis.once('end', resolve))
    const idle = redis.status === 'reconnecting' || redis.status === 'end'
    redis.disconnect()
    if (!idle) await within(this.#runtime, ended, 2 * GIVE_UP_MS, () => new Error('late')).catch(() => undefined)
    // Once more: a connection that came about meanwhile has begun to listen to sentinels.
    redis.disconnect()
  }

  #connect(): void {
    // The error is logged where all of them are.
    this.redis.connect().catch(() => undefined)
  }

  #back(): void {
    this.#usable?.resolve()
    this.#usable = null
    if (this.#lostAt === null) return
    const awayMs = Math.round(this.#runtime.monotonic() - this.#lostAt)
    this.#lostAt = null
    this.#logger.info({ awayMs }, 'the connection to Redis is back')
  }

  #lost(): void {
    if (this.#closed || this.#lostAt !== null) return
    this.#lostAt = this.#runtime.monotonic()
    this.#logger.warn({ reason: this.#lastError }, 'the connection to Redis is lost')
  }

  /** The library gives up for good when news of a failover comes just while it is connecting. */
  #ended(): void {
    if (this.#closed) return
    this.#runtime.after(backoffMs(this.#runtime, 1), () => {
      if (!this.#closed && this.redis.status === 'end') this.#connect()
    })
  }

  /** A connection on which nothing is asked would never notice that nobody is there any more. */
  #probe(): void {
    const probing = this.#runtime.every(PROBE_MS, () => {
      if (this.#closed) return probing.cancel()
      if (this.ready) void this.#ask()
    })
  }

  async #ask(): Promise<void> {
    try {
      if (!this.#watched) return void (await this.redis.ping())
      const [role] = (await this.redis.role()) as [string]
      if (role === 'master') return
      this.#logger.warn({ role }, 'this Redis is the primary no more')
      this.redis.disconnect(true)
    } catch (error) {
      // Where the user may not ask for the role, that there was an answer is all that can be known.
      this.#logger.debug({ reason: error instanceof Error ? error.message : String(error) }, 'a probe of Redis failed')
    }
  }
}

/** Exponential with full jitter, so that nodes that lost one server together do not come back together. */
function backoffMs(runtime: Runtime, tries: number): number {
  const most = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(tries, 16))
  return BACKOFF_MIN_MS + Math.floor(runtime.random() * (most - BACKOFF_MIN_MS))
}
