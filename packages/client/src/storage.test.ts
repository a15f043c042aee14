import { expect, test } from 'vitest'
import { uuid } from './clock.ts'
import { memoryStorage, webStorage, type Storage } from './storage.ts'

/** The Web Storage API with room for so many keys. */
function web(room = Number.POSITIVE_INFINITY) {
  const values = new Map<string, string>()
  return {
    get length() {
      return values.size
    },
    key: (index: number) => [...values.keys()][index] ?? null,
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (values.size >= room && !values.has(key)) throw new Error('QuotaExceededError')
      values.set(key, value)
    },
    removeItem: (key: string) => void values.delete(key),
  }
}

test.each<[string, () => Storage]>([
  ['memory', memoryStorage],
  ['Web Storage', () => webStorage(web())],
  ['Web Storage that is full', () => webStorage(web(1))],
])('%s gives back what it took', (_name, make) => {
  const storage = make()
  storage.set('a.1', 'one')
  storage.set('a.2', 'two')
  storage.set('b.1', 'three')
  expect(storage.get('a.2')).toBe('two')
  expect(storage.keys('a.').toSorted()).toEqual(['a.1', 'a.2'])
  storage.set('a.2', 'changed')
  expect(storage.get('a.2')).toBe('changed')
  storage.remove('a.2')
  storage.remove('a.1')
  expect([storage.get('a.1'), storage.get('a.2')]).toEqual([null, null])
  expect(storage.keys('')).toEqual(['b.1'])
})

test('a command id is a UUID of version 7, which sorts by time', () => {
  expect(uuid(2 ** 48 - 1, new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff')
  expect(uuid(0, new Uint8Array(16))).toBe('00000000-0000-7000-8000-000000000000')
  expect(uuid(1_000, new Uint8Array(16)) < uuid(1_001, new Uint8Array(16))).toBe(true)
})
