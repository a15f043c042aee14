import { expect, test } from 'vitest'
import { originPolicy } from './origin.ts'
import { requestFacts } from './request-facts.ts'

test.each([
  [undefined, 'a.test', true],
  ['http://a.test', 'a.test', true],
  ['https://a.test', 'a.test', true],
  ['http://a.test:3000', 'A.test:3000', true],
  ['https://plenary.example', 'a.test', true],
  ['http://plenary.example', 'a.test', false],
  ['https://plenary.example.evil.test', 'a.test', false],
  ['http://a.test:3001', 'a.test:3000', false],
  ['http://evil.test', 'a.test', false],
  ['null', 'a.test', false],
  ['file://a.test', 'a.test', false],
  ['http://a.test', undefined, false],
  ['', 'a.test', false],
])('a page of %s may talk to %s: %s', (origin, host, allowed) => {
  expect(originPolicy('https://plenary.example')(origin, host)).toBe(allowed)
})

const request = new Request('http://plenary.test/', {
  headers: { 'x-forwarded-for': '192.0.2.66, 192.0.2.1, 192.0.2.2', 'x-forwarded-proto': 'https' },
})
const env = { incoming: { socket: { remoteAddress: '192.0.2.9' } } } as unknown as Parameters<typeof requestFacts>[1]

test.each([
  [0, { address: '192.0.2.9', origin: 'http://plenary.test' }],
  [1, { address: '192.0.2.2', origin: 'https://plenary.test' }],
  [2, { address: '192.0.2.1', origin: 'https://plenary.test' }],
  [9, { address: '192.0.2.9', origin: 'https://plenary.test' }],
])('behind %i proxies only what they wrote is believed', (trustProxy, facts) => {
  expect(requestFacts(request, env, trustProxy)).toEqual(facts)
})
