import { ERRORS, PlenaryError, type ErrorCode } from '@plenary/kinds'
import type { Runtime } from './clock.ts'
import { CLIENT_LIMITS } from './limits.ts'

/** The part of `fetch` that the SDK uses. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string | Uint8Array<ArrayBuffer>
    signal: AbortSignal
  },
) => Promise<FetchAnswer>

interface FetchAnswer {
  ok: boolean
  status: number
  headers: { get(name: string): string | null }
  json(): Promise<unknown>
  blob?(): Promise<Blob>
}

export interface HttpOptions {
  /** Sent in place of the device's pass; null for none. */
  bearer?: string | null
  headers?: Record<string, string>
}

/** The event platform's HTTP, JSON both ways. Everything throws `PlenaryError`; `unavailable` when nothing answered. */
export interface Http {
  get<Answer>(path: string, options?: HttpOptions): Promise<Answer>
  post<Answer>(path: string, body: object, options?: HttpOptions): Promise<Answer>
  patch<Answer>(path: string, body: object, options?: HttpOptions): Promise<Answer>
  put<Answer>(path: string, body: object, options?: HttpOptions): Promise<Answer>
  /** The body is a file, as it is. */
  upload<Answer>(path: string, file: Uint8Array<ArrayBuffer>, options?: HttpOptions): Promise<Answer>
  delete<Answer>(path: string, options?: HttpOptions): Promise<Answer>
  /** What is served as a file. */
  download(path: string, options?: HttpOptions): Promise<Blob>
}

export interface HttpParts {
  /** Base URL, such as `https://live.example.org`. */
  url: string
  fetch: Fetch
  runtime: Runtime
  /** The device's pass, if it has one. */
  pass: () => string | null
}

export function createHttp({ url, fetch, runtime, pass }: HttpParts): Http {
  const call = async (
    method: string,
    path: string,
    body: object | undefined,
    options: HttpOptions,
    read: (answer: FetchAnswer) => Promise<unknown> = (answer) => answer.json(),
    ms: number = CLIENT_LIMITS.httpMs,
  ) => {
    const bearer = options.bearer === undefined ? pass() : options.bearer
    const abort = new AbortController()
    const cancel = runtime.setTimeout(() => abort.abort(), ms)
    try {
      const answer = await fetch(new URL(path, url).href, {
        method,
        headers: {
          ...(body === undefined
            ? {}
            : { 'content-type': isFile(body) ? 'application/octet-stream' : 'application/json' }),
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...options.headers,
        },
        ...(body === undefined ? {} : { body: isFile(body) ? body : JSON.stringify(body) }),
        signal: abort.signal,
      })
      if (answer.ok) return await read(answer)
      throw refusalOf(await answer.json().catch(() => null), answer.status, answer.headers.get('retry-after'))
    } catch (error) {
      if (error instanceof PlenaryError) throw error
      throw new PlenaryError('unavailable', 'The server cannot be reached just now.', { cause: error })
    } finally {
      cancel()
    }
  }
  return {
    get: <Answer>(path: string, options = {}) => call('GET', path, undefined, options) as Promise<Answer>,
    post: <Answer>(path: string, body: object, options = {}) => call('POST', path, body, options) as Promise<Answer>,
    patch: <Answer>(path: string, body: object, options = {}) => call('PATCH', path, body, options) as Promise<Answer>,
    put: <Answer>(path: string, body: object, options = {}) => call('PUT', path, body, options) as Promise<Answer>,
    upload: <Answer>(path: string, file: Uint8Array<ArrayBuffer>, options = {}) =>
      call('POST', path, file, options) as Promise<Answer>,
    delete: <Answer>(path: string, options = {}) => call('DELETE', path, undefined, options) as Promise<Answer>,
    download: (path, options = {}) =>
      call('GET', path, undefined, options, fileOf, CLIENT_LIMITS.downloadMs) as Promise<Blob>,
  }
}

async function fileOf(answer: FetchAnswer): Promise<Blob> {
  if (answer.blob === undefined) throw new Error('This fetch cannot read files.')
  return await answer.blob()
}

function isFile(body: object): body is Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array
}

/** What is not a `Failure` comes from something in between (a proxy, a captive portal) and says nothing final about us. */
function refusalOf(body: unknown, status: number, retryAfterHeader: string | null): PlenaryError {
  const seconds = Number(retryAfterHeader ?? Number.NaN)
  const headerMs = Number.isFinite(seconds) ? { retryAfter: seconds * 1000 } : {}
  if (!isFailureBody(body)) {
    return new PlenaryError('unavailable', `The server answered with status ${status}.`, headerMs)
  }
  return new PlenaryError(body.code, body.message, {
    ...headerMs,
    ...(body.reason === undefined ? {} : { reason: body.reason }),
    ...(body.retryAfter === undefined ? {} : { retryAfter: body.retryAfter }),
  })
}

function isFailureBody(
  body: unknown,
): body is { code: ErrorCode; message: string; reason?: string; retryAfter?: number } {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body)) return false
  return typeof body.code === 'string' && body.code in ERRORS && typeof body.message === 'string'
}
