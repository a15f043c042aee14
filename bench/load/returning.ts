import { ROOM } from './dialect.ts'
import { RawClient } from './raw-client.ts'

/** As our SDK backs off: full jitter up to a bound that doubles, on top of what the server asks for. */
const BACKOFF_BASE_MS = 250
const BACKOFF_CAP_MS = 15_000
/** Not in the room by then, it tries anew. */
const CONNECT_MS = 15_000
const ADDRESSES = 16
const PATH = '/socket.io/?EIO=4&transport=websocket'
const LOOK_MS = 20

export interface ReturningOptions {
  port: number
  tickets: readonly string[]
  /** New ones a second at most, to begin with. */
  perSecond: number
}

export interface Returned {
  back: number
  /** From the loss of the connection to being in the room again. */
  p50Ms: number
  p99Ms: number
  /** Handshakes that were refused for the time being. */
  sentAway: number
}

/** Clients in one room that come back by themselves, with their cursors, as our SDK does: somewhere else, and spread over time. */
export class ReturningCrowd {
  readonly #clients: ReturningClient[] = []

  /** Resolves once all are in the room. */
  async open({ port, tickets, perSecond }: ReturningOptions): Promise<void> {
    const began = performance.now()
    for (const [index, ticket] of tickets.entries()) {
      while (index > ((performance.now() - began) * perSecond) / 1_000 + 1) await pause()
      const client = new ReturningClient(ticket, `127.0.0.${2 + (index % ADDRESSES)}`)
      client.enter(port)
      this.#clients.push(client)
    }
    while (!this.#clients.every((client) => client.inside)) await pause()
  }

  /** From now on whoever loses the connection comes back at this port. */
  sendTo(port: number): void {
    for (const client of this.#clients) client.next = port
  }

  /** Resolves once all have lost their connection and are back, or the time is up; who is not back counts as never. */
  async returned(waitMs: number): Promise<Returned> {
    const until = performance.now() + waitMs
    while (performance.now() < until && !this.#clients.every(({ awayMs }) => awayMs !== null)) await pause()
    const times = Float64Array.from(this.#clients, ({ awayMs }) => awayMs ?? Infinity).toSorted()
    const quantile = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Infinity
    return {
      back: this.#clients.filter(({ awayMs }) => awayMs !== null).length,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      sentAway: this.#clients.reduce((sum, { sentAway }) => sum + sentAway, 0),
    }
  }

  drop(): void {
    for (const client of this.#clients) client.drop()
  }
}

class ReturningClient {
  /** Where it comes back. */
  next = 0
  inside = false
  /** How long it was away; null while it never was, or still is. */
  awayMs: number | null = null
  sentAway = 0
  readonly #ticket: string
  readonly #localAddress: string
  #client: RawClient | null = null
  #cursor: string | null = null
  #lostAt: number | null = null
  #tries = 0
  #retryAfterMs = 0
  #over = false

  constructor(ticket: string, localAddress: string) {
    this.#ticket = ticket
    this.#localAddress = localAddress
  }

  enter(port: number): void {
    this.next = port
    const client: RawClient = new RawClient(
      { port, path: PATH, localAddress: this.#localAddress },
      {
        opened: () => undefined,
        text: (bytes, from, to) => this.#hear(client, bytes.toString('latin1', from, to)),
        closing: () => client.drop(),
        closed: () => {
          clearTimeout(late)
          this.#lost()
        },
      },
    )
    const late = setTimeout(() => (this.inside ? undefined : client.drop()), CONNECT_MS)
    this.#client = client
  }

  drop(): void {
    this.#over = true
    this.#client?.drop()
  }

  #hear(client: RawClient, text: string): void {
    if (text.startsWith('0')) client.say(this.#handshake())
    else if (text === '2') client.say('3')
    else if (text.startsWith('42["joined",')) this.#joined(text)
    else if (text.startsWith('44')) {
      this.sentAway++
      this.#retryAfterMs = Number(/"retryAfter":(\d+)/.exec(text)?.[1] ?? 0)
      client.drop()
    }
  }

  #handshake(): string {
    const cursor = this.#cursor === null ? '' : `,"cursor":${this.#cursor}`
    return `40{"ticket":"${this.#ticket}","join":[{"room":"${ROOM}"${cursor}}]}`
  }

  #joined(text: string): void {
    this.#cursor = /"cursor":(\{[^}]*\})/.exec(text)?.[1] ?? null
    this.inside = true
    this.#tries = 0
    if (this.#lostAt !== null) this.awayMs = performance.now() - this.#lostAt
  }

  #lost(): void {
    if (this.#over) return
    this.inside = false
    this.#lostAt ??= performance.now()
    const bound = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.#tries++)
    const waitMs = this.#retryAfterMs + Math.random() * bound
    this.#retryAfterMs = 0
    setTimeout(() => (this.#over ? undefined : this.enter(this.next)), waitMs)
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS))
