import type { Access, EventId, Millis, Role, RoomId, UserId } from '@plenary/kinds'
import { tally } from '../../packages/engine/src/testing/tally.ts'
import type { Shape } from './plan.ts'

/** Who is who in a simulated world, by number alone, so that planner, world and checker agree without asking each other. */

export const EVENT = 'event' as EventId
/** What all rooms are: it touches every part of the contract. */
export const KIND = tally
/** The wall clock when the world begins. */
export const BEGAN_AT: Millis = Date.UTC(2030, 0, 1)

export const userOf = (person: number) => `user-${person}` as UserId
export const roomOf = (room: number) => `room-${room}` as RoomId
export const nodeOf = (node: number) => `node-${node}`
export const zoneName = (zone: number) => `zone-${zone}`

/** One in three runs the event, and sees what staff see. */
export const roleOf = (person: number): Role => (person % 3 === 0 ? 'moderator' : 'attendee')

/** Every second room is the whole event's; the others have a list of members: the people with an odd number. */
export const isPublic = (room: number) => room % 2 === 0
export const mayEnter = (person: number, room: number) => isPublic(room) || person % 2 === 1

export function accessOf(room: number, shape: Shape): Access {
  if (isPublic(room)) return { event: EVENT }
  const members = Array.from({ length: shape.people }, (_, person) => person).filter((person) => mayEnter(person, room))
  return { members: members.map(userOf) }
}

/** The role in which a person is in a room; those on a list of members are `attendee` there. */
export const roleInRoom = (person: number, room: number): Role => (isPublic(room) ? roleOf(person) : 'attendee')
