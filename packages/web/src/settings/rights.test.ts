import { expect, test } from 'vitest'
import { mayChange, mayGive } from './rights.ts'

test('an owner may change everybody and give every role', () => {
  expect(mayChange('owner', 'owner')).toBe(true)
  expect(mayGive('owner', 'producer')).toBe(true)
})
test('a producer may change only those below, and give only roles below', () => {
  expect(mayChange('producer', 'producer')).toBe(false)
  expect(mayChange('producer', 'moderator')).toBe(true)
  expect(mayGive('producer', 'producer')).toBe(false)
  expect(mayGive('producer', 'speaker')).toBe(true)
})
test('nobody else may', () => {
  for (const role of ['moderator', 'speaker', 'attendee'] as const) {
    expect(mayChange(role, 'attendee')).toBe(false)
    expect(mayGive(role, 'attendee')).toBe(false)
  }
})
