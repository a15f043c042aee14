import { failure, type api, type Failure } from '@plenary/kinds'
import { HttpWire, type HttpAnswer } from './http-wire.ts'

/** Requests of one process that are under way at a time; more wait for one of these connections. */
const CONNECTIONS_MAX = 2_048
const REQUEST_MS_MAX = 15_000

interface Asking {
  text: string
  signal: AbortSignal | undefined
  resolve(answer: HttpAnswer | null): void
}

/** The platform's HTTP for many light clients over connections that are kept. */
export class LightPlatform {
  readonly #url: URL
  readonly #address: string
  readonly #all = new Set<HttpWire>()
  readonly #idle: HttpWire[] = []
  readonly #queue: Asking[] = []

  /** `address` is the loopback address that requests come from, since whoever lets people in rations them by address. */
  constructor(url: string, address: string) {
    this.#url = new URL(url)
    this.#address = address
  }

  async join(code: string, name: string): Promise<api.JoinEventAnswer | Failure> {
    return await this.#post('/api/join', { code, name })
  }

  async ticket(
    pass: string,
    event: string,
    avoid: string | null,
    signal?: AbortSignal,
  ): Promise<api.TicketAnswer | Failure> {
    return await this.#post('/api/ticket', { pass, event }, avoiding(avoid), signal)
  }

  close(): void {
    for (const wire of this.#all) wire.end()
  }

  async #post<T>(path: string, body: object, headers = '', signal?: AbortSignal): Promise<T | Failure> {
    const json = JSON.stringify(body)
    const head = `POST ${path} HTTP/1.1\r\nhost: ${this.#url.host}\r\ncontent-type: application/json\r\n`
    const text = `${head}content-length: ${Buffer.byteLength(json)}\r\n${headers}\r\n${json}`
    const answer = await new Promise<HttpAnswer | null>((resolve) => {
      this.#queue.push({ text, signal, resolve })
      this.#next()
    })
    try {
      if (answer !== null) return JSON.parse(answer.body) as T | Failure
    } catch {
      // A page of a proxy in between, which says nothing of us.
    }
    return failure('unavailable', 'The server cannot be reached just now.')
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const wire = this.#wire()
    const asking = wire === null ? undefined : this.#queue.shift()
    if (wire === null || asking === undefined) return
    void this.#ask(wire, asking)
  }

  /** One that nobody uses; null when there are as many as there may be. */
  #wire(): HttpWire | null {
    for (let wire = this.#idle.pop(); wire !== undefined; wire = this.#idle.pop()) if (!wire.ended) return wire
    if (this.#all.size >= CONNECTIONS_MAX) return null
    const wire = new HttpWire(this.#url.hostname, Number(this.#url.port), this.#address)
    this.#all.add(wire)
    return wire
  }

  async #ask(wire: HttpWire, { text, signal, resolve }: Asking): Promise<void> {
    const giveUp = () => wire.end()
    const timer = setTimeout(giveUp, REQUEST_MS_MAX)
    if (signal?.aborted === true) giveUp()
    signal?.addEventListener('abort', giveUp)
    try {
      resolve(await wire.ask(text))
    } catch {
      resolve(null)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      if (wire.ended) this.#all.delete(wire)
      else this.#idle.push(wire)
      this.#next()
    }
  }
}

const avoiding = (gateway: string | null) => (gateway === null ? '' : `plenary-avoid: ${gateway}\r\n`)

export function failed(answer: object): answer is Failure {
  return 'ok' in answer && answer.ok === false
}
