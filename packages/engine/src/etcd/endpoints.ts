import type { Runtime } from '../runtime/runtime.ts'
import { EtcdError, errorOf, isTrouble } from './errors.ts'
import { failureAnswer } from './wire.ts'

export interface EndpointsOptions {
  /** `http://host:port` of each member, at least one. */
  endpoints: readonly string[]
  runtime: Runtime
  /** So long one endpoint has for an answer. */
  requestMs: number
}

/** The members of an etcd cluster: asks the one that answered last, and the others when it does not. */
export class Endpoints {
  readonly #urls: readonly string[]
  readonly #runtime: Runtime
  readonly #requestMs: number
  readonly #closed = new AbortController()
  #at = 0

  constructor({ endpoints, runtime, requestMs }: EndpointsOptions) {
    if (endpoints.length === 0) throw new Error('etcd needs at least one endpoint.')
    this.#urls = endpoints.map((url) => url.replace(/\/+$/, ''))
    this.#runtime = runtime
    this.#requestMs = requestMs
  }

  /** Ends all that is under way; later calls fail. */
  close(): void {
    this.#closed.abort()
  }

  /** The JSON that one of them answered. Throws EtcdError. */
  async ask(path: string, body: object): Promise<unknown> {
    return this.#onSome(async (url) => {
      const limit = new AbortController()
      const timer = this.#runtime.after(this.#requestMs, () => limit.abort(new Error('No answer in time.')))
      try {
        const answer = await this.#post(url + path, body, limit.signal)
        return await answer.json()
      } finally {
        timer.cancel()
      }
    })
  }

  /** An answer that comes line by line until the signal ends it. Throws EtcdError when none of them begins to answer. */
  async open(path: string, body: object, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.#onSome(async (url) => {
      const limit = new AbortController()
      const timer = this.#runtime.after(this.#requestMs, () => limit.abort(new Error('No answer in time.')))
      try {
        const answer = await this.#post(url + path, body, AbortSignal.any([limit.signal, signal]))
        if (answer.body === null) throw new EtcdError('unreachable', 'etcd answered nothing.')
        return answer.body
      } finally {
        timer.cancel()
      }
    })
  }

  /** The next call goes to another member: a stream of the present one has broken. */
  turn(): void {
    this.#at = (this.#at + 1) % this.#urls.length
  }

  async #onSome<T>(call: (url: string) => Promise<T>): Promise<T> {
    let failure: unknown
    for (let tries = 0; tries < this.#urls.length; tries++) {
      const at = this.#at
      try {
        return await call(this.#urls[at] ?? '')
      } catch (error) {
        failure = error instanceof EtcdError ? error : new EtcdError('unreachable', 'etcd cannot be reached.', error)
        if (this.#closed.signal.aborted || !isTrouble(failure, 'unreachable')) break
        // Unless another call that failed has moved on already.
        if (this.#at === at) this.turn()
      }
    }
    throw failure
  }

  async #post(url: string, body: object, signal: AbortSignal): Promise<Response> {
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      // A member that has lost its cluster says so instead of waiting.
      headers: { 'Content-Type': 'application/json', 'Grpc-Metadata-hasleader': 'true' },
      signal: AbortSignal.any([signal, this.#closed.signal]),
    })
    if (answer.ok) return answer
    const text = await answer.text()
    const { message, code } = failureOf(text)
    throw errorOf(answer.status, code, `etcd: ${message ?? text.slice(0, 200)}`)
  }
}

function failureOf(text: string): { message?: string | undefined; code?: number | undefined } {
  try {
    return failureAnswer.parse(JSON.parse(text))
  } catch {
    // A proxy in between answers in its own way; its status says enough.
    return {}
  }
}
