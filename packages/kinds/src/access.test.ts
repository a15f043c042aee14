import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roleIn, type Identity } from './access.ts'
import type { EventId, UserId } from './ids.ts'
import { audienceOf, ROLES, STAFF } from './roles.ts'

const id = <T extends string>() => fc.stringMatching(/^[a-c]{1,2}$/).map((text) => text as T)
const identity: fc.Arbitrary<Identity> = fc.record({
  user: id<UserId>(),
  name: fc.string(),
  event: id<EventId>(),
  role: fc.constantFrom(...ROLES),
  issuedAt: fc.nat(),
})

describe('[R6] who may be in a room', () => {
  it('an event’s room is for those whose ticket names that event, in the role that it gives them', () => {
    fc.assert(
      fc.property(identity, id<EventId>(), (who, event) => {
        expect(roleIn({ event }, who)).toBe(who.event === event ? who.role : null)
      }),
    )
  })

  it('a member list’s room is for its members alone, as attendees, whatever they are elsewhere', () => {
    fc.assert(
      fc.property(identity, fc.array(id<UserId>()), (who, members) => {
        expect(roleIn({ members }, who)).toBe(members.includes(who.user) ? 'attendee' : null)
      }),
    )
  })

  it('an empty list is for nobody, the owner included', () => {
    const owner: Identity = { user: 'u' as UserId, name: 'Olga', event: 'e' as EventId, role: 'owner', issuedAt: 0 }
    expect(roleIn({ members: [] }, owner)).toBeNull()
  })

  it.each(ROLES)('%s sees the stream of staff only as one of staff', (role) => {
    expect(audienceOf(role)).toBe((STAFF as readonly string[]).includes(role) ? 'staff' : 'everyone')
    expect(audienceOf('speaker')).toBe('everyone')
    expect(audienceOf('attendee')).toBe('everyone')
  })
})
