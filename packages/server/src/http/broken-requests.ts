import type { Duplex } from 'node:stream'
import { ERRORS, failure, type ErrorCode, type Failure } from '@plenary/kinds'
import { SECURITY_HEADERS } from './security-headers.ts'

const REASONS: Partial<Record<ErrorCode, string>> = {
  bad_request: 'Bad Request',
  timeout: 'Request Timeout',
  too_large: 'Content Too Large',
}

/** Answers what is no HTTP request, is too much of one, or does not come to its end, and ends the connection. */
export function refuseBroken(error: Error & { code?: string }, wire: Duplex): void {
  wire.on('error', () => wire.destroy())
  if (!wire.writable || error.code === 'ECONNRESET') return void wire.destroy()
  const said = failureOf(error.code)
  const body = JSON.stringify(said)
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${ERRORS[said.code].status} ${REASONS[said.code] ?? ''}\r\n${lines.join('')}\r\n`
  wire.end(head + body, () => wire.destroy())
}

function failureOf(code: string | undefined): Failure {
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return failure('too_large', 'The head of this request is too large.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return failure('timeout', 'The request did not come to its end in time.')
  return failure('bad_request', 'This is not an HTTP request.')
}
