import { describe, expect, test } from 'vitest'
import { describeTarget, targetOptions } from './target.ts'

test.each([
  ['redis://h', { host: 'h', port: 6379, db: 0 }],
  ['redis://h:7000/3', { host: 'h', port: 7000, db: 3 }],
  ['redis://:s%40crt@h', { host: 'h', port: 6379, db: 0, password: 's@crt' }],
  ['rediss://me:pw@h:1', { host: 'h', port: 1, db: 0, username: 'me', password: 'pw', tls: { servername: 'h' } }],
  ['redis://[::1]:7000', { host: '::1', port: 7000, db: 0 }],
])('%s is one Redis', (text, options) => {
  expect(targetOptions(text)).toEqual(options)
})

test('a Redis with sentinels, with all that can be said', () => {
  const text = 'redis+sentinel://me:p%2Fw@s1:1,s2,[::1]:3/main/2?sentinelPassword=sp&sentinelUsername=su'
  expect(targetOptions(text)).toEqual({
    sentinels: [
      { host: 's1', port: 1 },
      { host: 's2', port: 26_379 },
      { host: '::1', port: 3 },
    ],
    name: 'main',
    db: 2,
    username: 'me',
    password: 'p/w',
    sentinelUsername: 'su',
    sentinelPassword: 'sp',
  })
  expect(targetOptions('rediss+sentinel://s/main')).toMatchObject({
    name: 'main',
    tls: {},
    enableTLSForSentinelMode: true,
  })
  expect(targetOptions({ sentinels: [{ host: 's', port: 1 }], name: 'main' })).toEqual({
    sentinels: [{ host: 's', port: 1 }],
    name: 'main',
  })
})

describe('what is malformed is refused, and no password is repeated', () => {
  test.each([
    'http://:hunter2@h',
    'redis://:hunter2@h:x',
    'redis://:hunter2@h/name',
    'redis+sentinel://:hunter2@s1:1',
    'redis+sentinel://:hunter2@s1:99999/main',
    'redis+sentinel://:hunter2@s1:1,/main',
    'redis+sentinel://:hunter2%zz@s1:1/main',
    'redis://:hunter2%zz@h',
    'hunter2',
  ])('%s', (text) => {
    expect(() => targetOptions(text)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') as string }) as Error,
    )
  })
  test('no sentinel at all', () => {
    expect(() => targetOptions({ sentinels: [], name: 'main' })).toThrow('at least one')
  })
})

test('in logs a Redis has hosts and a name, and nobody’s password', () => {
  expect(describeTarget('redis://me:hunter2@h:7000/3')).toBe('redis://h:7000')
  expect(describeTarget('redis+sentinel://:hunter2@s1:1,s2:2/main?sentinelPassword=hunter2')).toBe(
    'redis+sentinel://s1:1,s2:2/main',
  )
})
