import type { Producer } from '@platformatic/kafka'
import { setTimeout as wait } from 'node:timers/promises'
import { openProducer } from './connect.ts'
import type { KafkaConnection } from './connect.ts'
import { KAFKA_LIMITS } from './limits.ts'

interface Letter {
  topic: string
  partition: number
  value: Buffer
  until: number
  sent(offset: number): void
  failed(error: Error): void
  done: boolean
}

/** Shards share a connection in so many groups: one request at a time is all that a connection carries. */
const LANES = 4

/**
 * Sends records, those of many shards in one request: what arrives while a request is out is the next one. What fails is sent
 * again until its time is over, so a record may come to stand twice; readers know it by its number.
 */
export class Sender {
  readonly #lanes: Lane[]

  constructor(connection: KafkaConnection) {
    this.#lanes = Array.from({ length: LANES }, () => new Lane(openProducer(connection)))
  }

  /** Resolves with the record's offset once all in-sync replicas have it. Rejected, the record may stand there or come to. */
  send(topic: string, partition: number, value: Buffer): Promise<number> {
    const lane = this.#lanes[partition % LANES]
    if (lane === undefined) throw new Error(`There is no partition ${partition}.`)
    return new Promise<number>((resolve, reject) => {
      lane.post({
        topic,
        partition,
        value,
        until: performance.now() + KAFKA_LIMITS.appendMs,
        sent: resolve,
        failed: reject,
        done: false,
      })
    })
  }

  /** Gives up what is still out. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()))
  }
}

class Lane {
  readonly #producer: Producer
  #waiting: Letter[] = []
  #sending = false
  #closed = false

  constructor(producer: Producer) {
    this.#producer = producer
  }

  post(letter: Letter): void {
    if (this.#closed) return letter.failed(new Error('The log is closed.'))
    this.#waiting.push(letter)
    // A request to a broker that stands still outlasts the letter.
    const late = setTimeout(
      () => fail(letter, new Error('Kafka did not take an append in time.')),
      KAFKA_LIMITS.appendMs,
    )
    const { sent, failed } = letter
    letter.sent = (offset) => (clearTimeout(late), sent(offset))
    letter.failed = (error) => (clearTimeout(late), failed(error))
    if (!this.#sending) void this.#work()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#producer.close(true)
    for (const letter of this.#waiting.splice(0)) fail(letter, new Error('The log is closed.'))
  }

  async #work(): Promise<void> {
    this.#sending = true
    while (this.#waiting.length > 0) {
      const letters = this.#next()
      if (letters.length > 0) await this.#deliver(letters)
    }
    this.#sending = false
  }

  /** The first of each partition: of several in one request, Kafka would say where the first is. */
  #next(): Letter[] {
    const first = new Map<string, Letter>()
    for (const letter of this.#waiting) {
      const place = `${letter.topic}:${letter.partition}`
      if (!letter.done && !first.has(place)) first.set(place, letter)
    }
    const letters = [...first.values()]
    this.#waiting = this.#waiting.filter((letter) => !letter.done && !letters.includes(letter))
    return letters
  }

  async #deliver(letters: Letter[]): Promise<void> {
    try {
      const messages = letters.map(({ topic, partition, value }) => ({ topic, partition, value }))
      const { offsets = [] } = await this.#producer.send({ messages })
      const places = new Map(offsets.map(({ topic, partition, offset }) => [`${topic}:${partition}`, Number(offset)]))
      for (const letter of letters) {
        const offset = places.get(`${letter.topic}:${letter.partition}`)
        if (offset === undefined || offset < 0)
          fail(letter, new Error('Kafka acknowledged an append and did not say where it is.'))
        else if (!letter.done) {
          letter.done = true
          letter.sent(offset)
        }
      }
    } catch (error) {
      const now = performance.now()
      for (const letter of letters) {
        const left = letter.until - now
        if (this.#closed || left < KAFKA_LIMITS.retryMs)
          fail(letter, new Error('Kafka did not take an append.', { cause: error }))
      }
      // In their order, before what came since.
      this.#waiting.unshift(...letters.filter((letter) => !letter.done))
      if (!this.#closed) await wait(KAFKA_LIMITS.retryMs)
    }
  }
}

function fail(letter: Letter, error: Error): void {
  if (letter.done) return
  letter.done = true
  letter.failed(error)
}
