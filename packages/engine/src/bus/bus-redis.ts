import { toFailure, PlenaryError } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import { RedisLink } from '../redis/connect.ts'
import type { RedisTarget } from '../redis/target.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { Patience } from '../runtime/patience.ts'
import { within } from '../runtime/within.ts'
import { unanswered } from './bus.ts'
import type { Bus, BusMessage, MessageHandler, RequestHandler, Subscription } from './bus.ts'
import { RedisChannels } from './redis-channels.ts'
import { decodeLetter, encodeLetter, messageOf } from './redis-letter.ts'
import type { Letter, Opened } from './redis-letter.ts'
import { Outbox } from './redis-outbox.ts'
import { Questions } from './redis-questions.ts'

export interface RedisBusOptions {
  target: RedisTarget
  runtime: Runtime
  logger: Logger
  metrics: Metrics
  /** In front of every channel, so that several clusters can share one Redis. */
  prefix?: string
}

const PREFIX = 'plenary'
/** How long a close waits for what was published. */
const CLOSE_MS_MAX = 1_000

/**
 * A bus between processes over Redis' publish and subscribe. After any loss of a connection, a failover included, it goes on by
 * itself; what was published meanwhile waits a while, what was under way is lost. Throws when Redis cannot be reached at first.
 */
export async function redisBus(options: RedisBusOptions): Promise<Bus> {
  const { target, runtime, logger } = options
  const open = (purpose: string) => RedisLink.open({ target, purpose, runtime, logger })
  // Two, so that an answer to a publish never stands behind everything that is being delivered.
  const publishing = await open('publish')
  try {
    const bus = new RedisBus(options, publishing, await open('subscribe'))
    await bus.start()
    return bus
  } catch (error) {
    await publishing.close()
    throw error
  }
}

class RedisBus implements Bus {
  readonly #self: string
  readonly #prefix: string
  readonly #runtime: Runtime
  readonly #patience: Patience
  readonly #logger: Logger
  readonly #links: readonly RedisLink[]
  readonly #outbox: Outbox
  readonly #channels: RedisChannels
  readonly #questions: Questions
  readonly #subscribers = new Map<string, Set<{ handler: MessageHandler }>>()
  readonly #responders = new Map<string, { handler: RequestHandler }[]>()
  readonly #whole = new Set<{ listener: () => void }>()
  readonly #publishing: RedisLink
  /** A connection was lost, and nobody has been told yet that it is back. */
  #broken = false
  #closing: Promise<void> | null = null

  constructor(options: RedisBusOptions, publishing: RedisLink, subscribing: RedisLink) {
    const { runtime, logger, prefix = PREFIX } = options
    this.#self = runtime.uuid()
    this.#prefix = prefix
    this.#runtime = runtime
    this.#patience = new Patience(runtime)
    this.#logger = logger
    this.#publishing = publishing
    this.#links = [publishing, subscribing]
    for (const { redis } of this.#links) redis.on('close', () => (this.#broken = true))
    this.#outbox = new Outbox(publishing, options)
    this.#channels = new RedisChannels(subscribing, { ...options, inForce: () => this.#mended() })
    publishing.redis.on('ready', () => this.#mended())
    this.#questions = new Questions(this.#self, runtime, this.#patience, (to, letter, payload, done) =>
      this.#post('node' in to ? this.#nodeChannel(to.node) : this.#whoChannel(to.topic), letter, payload, done),
    )
  }

  async start(): Promise<void> {
    try {
      await this.#channels.hold(this.#nodeChannel(this.#self), (bytes) =>
        this.#open(bytes, (opened) => this.#called(opened)),
      )
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** Here at once, elsewhere through Redis: so a room whose people are all on its owner's node does without Redis. */
  publish(topic: string, message: BusMessage): void {
    if (this.#closing !== null) return
    const letter: Letter = { is: 'message', from: this.#self, header: message.header }
    this.#post(this.#topicChannel(topic), letter, message.payload)
    this.#deliver(topic, message)
  }

  async subscribe(topic: string, handler: MessageHandler): Promise<Subscription> {
    const own = { handler }
    const present = this.#subscribers.get(topic) ?? new Set()
    this.#subscribers.set(topic, present.add(own))
    const forget = () => {
      present.delete(own)
      if (present.size === 0 && this.#subscribers.get(topic) === present) this.#subscribers.delete(topic)
    }
    const hear = (bytes: Buffer) => this.#open(bytes, (opened) => this.#heard(topic, opened))
    return await this.#hold(this.#topicChannel(topic), hear, forget)
  }

  /**
   * A responder of this process is called as a function. It is the one that would be asked anyway; this way it costs no two
   * journeys, and rooms whose owner is on the same node work on while Redis is away.
   */
  async request(topic: string, message: BusMessage, timeoutMs: number): Promise<BusMessage> {
    if (this.#closing !== null) throw new PlenaryError('moved', 'This server is leaving the others.')
    const local = this.#responders.get(topic)?.at(-1)
    if (local === undefined) return await this.#questions.ask(topic, message, timeoutMs)
    return await this.#patience.within(local.handler(message), timeoutMs, unanswered)
  }

  async respond(topic: string, handler: RequestHandler): Promise<Subscription> {
    const own = { handler }
    this.#responders.set(topic, [...(this.#responders.get(topic) ?? []), own])
    const forget = () => {
      const rest = (this.#responders.get(topic) ?? []).filter((other) => other !== own)
      if (rest.length > 0) this.#responders.set(topic, rest)
      else this.#responders.delete(topic)
    }
    return await this.#hold(
      this.#whoChannel(topic),
      (bytes) => this.#open(bytes, (opened) => this.#called(opened)),
      forget,
    )
  }

  onWhole(listener: () => void): Subscription {
    const own = { listener }
    this.#whole.add(own)
    return { close: async () => void this.#whole.delete(own) }
  }

  async close(): Promise<void> {
    await (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#whole.clear()
    this.#subscribers.clear()
    this.#responders.clear()
    this.#questions.close()
    // Best effort: what is not out by then would have been lost with the process anyway.
    await within(this.#runtime, this.#outbox.emptied(), CLOSE_MS_MAX, () => new Error('late')).catch(() => undefined)
    this.#channels.close()
    await Promise.all(this.#links.map((link) => link.close()))
  }

  /** One of the two connections is back; when both are, all are told. */
  #mended(): void {
    if (!this.#broken || !this.#publishing.ready || !this.#channels.inForce) return
    this.#broken = false
    for (const { listener } of [...this.#whole]) listener()
  }

  async #hold(channel: string, handler: (bytes: Buffer) => void, forget: () => void): Promise<Subscription> {
    try {
      const held = await this.#channels.hold(channel, handler)
      return {
        close: async () => {
          forget()
          await held.close()
        },
      }
    } catch (error) {
      forget()
      throw error
    }
  }

  #post(channel: string, letter: Letter, payload?: Uint8Array, done?: (receivers: number | null) => void): void {
    this.#outbox.post({ channel, bytes: encodeLetter(letter, payload), ...(done === undefined ? {} : { done }) })
  }

  #deliver(topic: string, message: BusMessage): void {
    for (const { handler } of [...(this.#subscribers.get(topic) ?? [])]) {
      try {
        handler(message)
      } catch (error) {
        this.#logger.error({ err: error, topic }, 'a message between nodes could not be handled')
      }
    }
  }

  /** Someone else's mistake on a channel of ours must not end this process. */
  #open(bytes: Buffer, take: (opened: Opened) => void): void {
    let opened: Opened
    try {
      opened = decodeLetter(bytes)
    } catch (error) {
      this.#logger.warn({ err: error, bytes: bytes.length }, 'what came over Redis is no message of this cluster')
      return
    }
    take(opened)
  }

  #heard(topic: string, { letter, payload }: Opened): void {
    // What this process published was delivered when it was published.
    if (letter.is === 'message' && letter.from !== this.#self) this.#deliver(topic, messageOf(letter.header, payload))
  }

  #called({ letter, payload }: Opened): void {
    switch (letter.is) {
      case 'who': {
        const { topic, from } = letter
        const answers = this.#responders.has(topic)
        return this.#post(this.#nodeChannel(from), { is: 'here', node: this.#self, topic, answers })
      }
      case 'question':
        return void this.#answer(letter, payload)
      default:
        return this.#questions.hear(letter, messageOf('header' in letter ? letter.header : null, payload))
    }
  }

  async #answer(question: Extract<Letter, { is: 'question' }>, payload: Uint8Array | undefined): Promise<void> {
    const { ask, topic, from, header } = question
    const back = this.#nodeChannel(from)
    const responder = this.#responders.get(topic)?.at(-1)
    if (responder === undefined) return this.#post(back, { is: 'gone', ask })
    try {
      const answer = await responder.handler(messageOf(header, payload))
      this.#post(back, { is: 'answer', ask, header: answer.header }, answer.payload)
    } catch (error) {
      const refusal = toFailure(error)
      if (refusal.code === 'internal')
        this.#logger.error({ err: error, topic }, 'a question of another node could not be answered')
      this.#post(back, { is: 'refusal', ask, failure: refusal })
    }
  }

  #topicChannel(topic: string): string {
    return `${this.#prefix}:topic:${topic}`
  }
  #whoChannel(topic: string): string {
    return `${this.#prefix}:who:${topic}`
  }
  #nodeChannel(node: string): string {
    return `${this.#prefix}:node:${node}`
  }
}
