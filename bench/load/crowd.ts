import { RawClient } from './raw-client.ts'
import type { Dialect } from './dialect.ts'
import type { Deliveries } from './deliveries.ts'

/** So many connections are under way at one time. */
const OPENING_MAX = 128
const ADDRESSES = 16
const PACE_MS = 5

export interface CrowdOptions {
  /** Servers, taken in turn. */
  ports: readonly number[]
  count: number
  /** New ones a second at most. */
  perSecond: number
  /** One for each, where the server asks for one. */
  tickets: readonly string[]
}

/** Sockets that are in one room together, and what they are told. */
export class Crowd {
  readonly #dialect: Dialect
  readonly #deliveries: Deliveries
  readonly #clients: RawClient[] = []
  #lost = 0
  #dropping = false

  constructor(dialect: Dialect, deliveries: Deliveries) {
    this.#dialect = dialect
    this.#deliveries = deliveries
  }

  get size(): number {
    return this.#clients.length
  }

  /** Sockets that the server has ended. */
  get lost(): number {
    return this.#lost
  }

  /** Resolves once all are in the room. Rejects when one is refused. */
  async open({ ports, count, perSecond, tickets }: CrowdOptions): Promise<void> {
    const began = performance.now()
    const entering = new Set<Promise<void>>()
    for (let index = 0; index < count; index++) {
      while (index > ((performance.now() - began) * perSecond) / 1_000 + 1) await pause(PACE_MS)
      if (entering.size >= OPENING_MAX) await Promise.race(entering)
      const port = ports[index % ports.length] ?? 0
      const entered = this.#enter(port, tickets[index] ?? '').finally(() => entering.delete(entered))
      entering.add(entered)
    }
    await Promise.all(entering)
  }

  /** Asks, by the socket that is next, for an entry to be told to all. */
  ask(by: number, number: number): void {
    this.#clients[by % this.#clients.length]?.say(this.#dialect.ask(number))
  }

  drop(): void {
    this.#dropping = true
    for (const client of this.#clients) client.drop()
    this.#clients.length = 0
  }

  #enter(port: number, ticket: string): Promise<void> {
    const localAddress = `127.0.0.${2 + (this.#clients.length % ADDRESSES)}`
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const dialect = this.#dialect
    const client = new RawClient(
      { port, path: dialect.path, localAddress },
      {
        opened() {
          const { say, entered } = dialect.open()
          if (say !== null) client.say(say)
          if (entered) resolve()
        },
        text: (bytes, from, to) => {
          const heard = dialect.hear(bytes, from, to, ticket)
          if (heard.is === 'delivery') this.#deliveries.delivered(heard.after, heard.through)
          else if (heard.is === 'say') client.say(heard.text)
          else if (heard.is === 'ack') this.#deliveries.acknowledged(heard.number, heard.seq)
          else if (heard.is === 'entered') resolve()
          else if (heard.is === 'refused') {
            reject(new Error(`A server refused: ${heard.why}`))
            this.#deliveries.refused(heard.why)
          }
        },
        closing: () => client.drop(),
        closed: () => {
          if (!this.#dropping) this.#lost++
          reject(new Error('A server ended a connection.'))
        },
      },
    )
    this.#clients.push(client)
    return promise
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
