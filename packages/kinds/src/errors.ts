/** The closed table of errors: every refusal on any wire carries one of these codes. Documented in docs/SPEC.md. */
export const ERRORS = {
  bad_request: { status: 400, temporary: false },
  unauthorized: { status: 401, temporary: false },
  forbidden: { status: 403, temporary: false },
  not_found: { status: 404, temporary: false },
  timeout: { status: 408, temporary: true },
  conflict: { status: 409, temporary: false },
  too_large: { status: 413, temporary: false },
  /** The kind's rules say no; its own word is in `reason`. */
  refused: { status: 422, temporary: false },
  rate_limited: { status: 429, temporary: true },
  slow_consumer: { status: 429, temporary: true },
  internal: { status: 500, temporary: true },
  /** Another node has the room now; asking again finds it. */
  moved: { status: 503, temporary: true },
  unavailable: { status: 503, temporary: true },
} as const satisfies Record<string, { status: number; temporary: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** What a refusal looks like in an ack and in an HTTP body. */
export interface Failure {
  ok: false
  code: ErrorCode
  message: string
  temporary: boolean
  /** The kind's own word, beside `refused`. */
  reason?: string
  /** Milliseconds after which asking again makes sense. */
  retryAfter?: number
}

export interface FailureDetail {
  reason?: string
  retryAfter?: number
  cause?: unknown
}

/** The one error type that crosses module borders. `message` is shown to people; `cause` is only logged. */
export class PlenaryError extends Error {
  override readonly name = 'PlenaryError'
  readonly code: ErrorCode
  readonly reason: string | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.reason = detail.reason
    this.retryAfter = detail.retryAfter
  }

  get temporary(): boolean {
    return ERRORS[this.code].temporary
  }

  /** The wire form; carries nothing of `cause`. */
  toFailure(): Failure {
    return failure(this.code, this.message, this)
  }
}

export function failure(
  code: ErrorCode,
  message: string,
  detail: { reason?: string | undefined; retryAfter?: number | undefined } = {},
): Failure {
  return {
    ok: false,
    code,
    message,
    temporary: ERRORS[code].temporary,
    ...(detail.reason === undefined ? {} : { reason: detail.reason }),
    ...(detail.retryAfter === undefined ? {} : { retryAfter: detail.retryAfter }),
  }
}

/** What any thrown value becomes on the wire: our own errors as they are, all others `internal` without a detail. */
export function toFailure(error: unknown): Failure {
  return error instanceof PlenaryError ? error.toFailure() : failure('internal', 'Something went wrong on the server.')
}
