import { describe, expect, it } from 'vitest'
import { failureSchema } from './api.ts'
import { ERRORS, failure, PlenaryError, toFailure, type ErrorCode } from './errors.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

describe('the closed table of errors', () => {
  it.each(CODES)('%s has an HTTP status that says whose fault it is, and a wire form', (code) => {
    const { status, temporary } = ERRORS[code]
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    // What the client did wrong stays wrong; what the server could not do may work later.
    if (status >= 500) expect(temporary).toBe(true)
    const wire = new PlenaryError(code, 'No.', { reason: 'why', retryAfter: 7, cause: new Error('hidden') }).toFailure()
    expect(wire).toEqual({ ok: false, code, message: 'No.', temporary, reason: 'why', retryAfter: 7 })
    expect(failureSchema.parse(JSON.parse(JSON.stringify(wire)))).toEqual(wire)
  })

  it('leaves out what is not said', () => {
    expect(Object.keys(failure('timeout', 'Late.'))).toEqual(['ok', 'code', 'message', 'temporary'])
    expect(failure('timeout', 'Late.', { retryAfter: 0 }).retryAfter).toBe(0)
  })

  it.each([new Error('password=1234'), new TypeError('x'), 'password=1234', null, undefined, { code: 'forbidden' }])(
    '[R6] tells nothing of an error that is not its own: %s',
    (thrown) => {
      const wire = toFailure(thrown)
      expect(wire).toMatchObject({ ok: false, code: 'internal', temporary: true })
      expect(JSON.stringify(wire)).not.toContain('1234')
    },
  )

  it('passes its own errors on, without their cause', () => {
    const error = new PlenaryError('conflict', 'That code is taken.', { cause: new Error('SELECT secret') })
    expect(toFailure(error)).toEqual({ ok: false, code: 'conflict', message: 'That code is taken.', temporary: false })
    expect(error.cause).toBeInstanceOf(Error)
    expect(error.temporary).toBe(false)
  })
})
