import { Agent, request } from 'node:http'
import { failure, type api, type Failure } from '@plenary/kinds'

/** Requests of one process that are under way at a time; more wait for one of these connections. */
const CONNECTIONS_MAX = 2_048
const REQUEST_MS_MAX = 15_000

/** The platform's HTTP for many light clients over connections that are kept. */
export class LightPlatform {
  readonly #url: URL
  readonly #agent: Agent

  /** `address` is the loopback address that requests come from, since whoever lets people in rations them by address. */
  constructor(url: string, address: string) {
    this.#url = new URL(url)
    this.#agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, localAddress: address })
  }

  async join(code: string, name: string): Promise<api.JoinEventAnswer | Failure> {
    return await this.#post('/api/join', { code, name })
  }

  async ticket(
    pass: string,
    event: string,
    avoid: string | null,
    signal: AbortSignal,
  ): Promise<api.TicketAnswer | Failure> {
    const headers = avoid === null ? {} : { 'plenary-avoid': avoid }
    return await this.#post('/api/ticket', { pass, event }, { headers, signal })
  }

  close(): void {
    this.#agent.destroy()
  }

  async #post<T>(
    path: string,
    body: object,
    { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<T | Failure> {
    const text = JSON.stringify(body)
    return await new Promise((resolve) => {
      const none = () => resolve(failure('unavailable', 'The server cannot be reached just now.'))
      const asking = request(
        {
          agent: this.#agent,
          host: this.#url.hostname,
          port: this.#url.port,
          method: 'POST',
          path,
          timeout: REQUEST_MS_MAX,
          ...(signal !== undefined && { signal }),
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
        },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('error', none)
          answer.on('end', () => {
            try {
              resolve(JSON.parse(Buffer.concat(parts).toString()) as T | Failure)
            } catch {
              // A page of a proxy in between, which says nothing of us.
              none()
            }
          })
        },
      )
      asking.on('timeout', () => asking.destroy())
      asking.on('error', none)
      asking.end(text)
    })
  }
}

export function failed(answer: object): answer is Failure {
  return 'ok' in answer && answer.ok === false
}
