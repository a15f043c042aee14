import type { EventId, UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { identity } from '../testing/harness.ts'
import { Revocations, TICKET_TTL_MS } from './revocations.ts'

const A = 'a' as EventId
const ann = 'ann' as UserId
const at = (issuedAt: number, user = ann, event = A) => identity({ user, event, issuedAt })

test('[R6] a revocation voids the tickets of its person and event made up to then, and no others', () => {
  const revocations = new Revocations()
  revocations.add({ event: A, user: ann, code: 'banned', at: 1_000 })
  expect(revocations.voids(at(999))).toBe(true)
  expect(revocations.voids(at(1_000))).toBe(true)
  expect(revocations.voids(at(1_001))).toBe(false)
  expect(revocations.voids(at(999, 'bob' as UserId))).toBe(false)
  expect(revocations.voids(at(999, ann, 'b' as EventId))).toBe(false)
})

test('[R6] a revocation of an event voids everyone’s, and an older one takes nothing back', () => {
  const revocations = new Revocations()
  revocations.add({ event: A, code: 'event_ended', at: 2_000 })
  revocations.add({ event: A, code: 'event_ended', at: 1_000 })
  revocations.add({ event: A, user: ann, code: 'kicked', at: 500 })
  expect(revocations.voids(at(1_500))).toBe(true)
  expect(revocations.voids(at(1_500, 'bob' as UserId))).toBe(true)
  expect(revocations.voids(at(2_001))).toBe(false)
})

test('[R6] it is kept as long as a ticket that it voids could live, and no longer', () => {
  const revocations = new Revocations()
  revocations.add({ event: A, code: 'event_ended', at: 1_000 })
  revocations.forget(1_000 + TICKET_TTL_MS)
  expect(revocations.voids(at(999))).toBe(true)
  revocations.forget(1_001 + TICKET_TTL_MS)
  expect(revocations.voids(at(999))).toBe(false)
})
