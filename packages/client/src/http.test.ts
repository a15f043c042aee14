import { failure } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { createHttp, type Fetch } from './http.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { FakeRuntime } from './testing/fake-runtime.ts'

interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

function http(reply: Reply | Error) {
  const calls: { url: string; init: Parameters<Fetch>[1] }[] = []
  const runtime = new FakeRuntime()
  const fetch: Fetch = async (url, init) => {
    calls.push({ url, init })
    if (reply instanceof Error) throw reply
    return {
      ok: reply.status < 300,
      status: reply.status,
      headers: { get: (name) => reply.headers?.[name] ?? null },
      json: async () => {
        if (reply.body === undefined) throw new SyntaxError('Unexpected token')
        return reply.body
      },
    }
  }
  return { calls, runtime, http: createHttp({ url: 'http://plenary.test', fetch, runtime, pass: () => 'pass1' }) }
}

test('it speaks JSON with the pass of the device, or with what is given in its place', async () => {
  const { calls, http: api, runtime } = http({ status: 200, body: { a: 1 } })
  expect(await api.get('/api/events')).toEqual({ a: 1 })
  await api.post('/api/join', { b: 2 }, { bearer: null })
  await api.put('/api/x', {}, { bearer: 'ticket1' })
  expect(calls.map(({ url, init: { method, headers, body } }) => [method, url, headers, body])).toEqual([
    ['GET', 'http://plenary.test/api/events', { authorization: 'Bearer pass1' }, undefined],
    ['POST', 'http://plenary.test/api/join', { 'content-type': 'application/json' }, '{"b":2}'],
    ['PUT', 'http://plenary.test/api/x', { 'content-type': 'application/json', authorization: 'Bearer ticket1' }, '{}'],
  ])
  expect(runtime.left).toBe(0)
})

test("a refusal is thrown with the table's code and the server's words", async () => {
  const body = failure('refused', 'The event has ended.', { reason: 'event_ended' })
  await expect(http({ status: 422, body }).http.get('/x')).rejects.toMatchObject({
    code: 'refused',
    reason: 'event_ended',
  })
  const busy = http({ status: 503, body: failure('unavailable', 'Full.'), headers: { 'retry-after': '2' } })
  await expect(busy.http.get('/x')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 2000 })
})

test('what comes from something in between is never final', async () => {
  for (const reply of [
    { status: 404 },
    { status: 502, body: '<html>' },
    { status: 403, body: { code: 'nope', message: 1 } },
  ]) {
    await expect(http(reply).http.get('/x')).rejects.toMatchObject({ code: 'unavailable', temporary: true })
  }
  await expect(http(new TypeError('fetch failed')).http.get('/x')).rejects.toMatchObject({ code: 'unavailable' })
})

const silence: Fetch = (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')))
  })

test('[R7] a call that takes too long is given up', async () => {
  const { runtime } = http({ status: 200 })
  const slow = createHttp({ url: 'http://plenary.test', fetch: silence, runtime, pass: () => null })
  const call = slow.get('/x')
  call.catch(() => undefined)
  await runtime.pass(CLIENT_LIMITS.httpMs)
  await expect(call).rejects.toMatchObject({ code: 'unavailable' })
})
