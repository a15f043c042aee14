import type { Json } from '@plenary/kinds'
import { BEGAN_AT, isPublic, mayEnter, roleOf, userOf } from './cast.ts'
import { chance, type Chance } from './chance.ts'
import type { Act, Shape } from './plan.ts'

/** Nobody is in a room before this. */
const BEGIN_MS = 1_000
/** Everyone says one thing more in every room so long after the last fault: what was broken must work again. */
const LAST_WORDS_MS = 3_000
/** How far ahead a deadline is set, at most. */
const WAKE_MS = 8_000
const SAYS_MAX = 220

/** What people ask of their rooms, and when. */
export function talkOf(seed: number, shape: Shape): Act[] {
  const luck = chance(seed, 'talk')
  const { next, whole, happens, pick, weighted } = luck
  const acts: Act[] = []
  let words = 0
  const say = (at: number, person: number, room: number, [type, body]: Saying) =>
    void acts.push({ at, do: 'say', person, room, type, body })

  const betweenMs = weighted([
    [3, whole(60, 200)],
    [4, whole(200, 800)],
    [2, whole(800, 3_000)],
  ])
  // Long enough for idle rooms to be put away, where the run is.
  const silence = shape.calmAtMs > 75_000 ? { from: 6_000, to: 72_000 } : { from: 0, to: 0 }
  const bursts = happens(0.4)
  // Where nobody says anything any more, what was lost before must come to light by itself.
  const quietFrom = new Map<number, number>()
  for (let room = 0; room < shape.rooms; room++) if (happens(0.35)) quietFrom.set(room, whole(BEGIN_MS, shape.calmAtMs))
  for (let at = BEGIN_MS; at < shape.calmAtMs && acts.length < SAYS_MAX; at += next() * 2 * betweenMs) {
    if (at >= silence.from && at < silence.to) continue
    const person = whole(0, shape.people - 1)
    const room = pick(roomsOf(person, shape))
    if (at > (quietFrom.get(room) ?? Infinity)) continue
    const many = bursts && happens(0.1) ? whole(3, 15) : 1
    // All at once, so that some are decided while the log still writes the others.
    const talkers = many === 1 ? [person] : peopleIn(room, shape)
    for (let n = 0; n < many; n++) {
      const talker = pick(talkers)
      say(Math.round(at), talker, room, sayingOf(luck, talker, room, at, words++, shape))
    }
  }
  if (happens(0.15)) acts.push(...bar(luck, shape))
  if (happens(0.1)) acts.push({ at: whole(BEGIN_MS, shape.calmAtMs), do: 'kick', person: whole(0, shape.people - 1) })
  for (let person = 0; person < shape.people; person++) {
    for (const room of roomsOf(person, shape).filter((each) => !quietFrom.has(each))) {
      say(shape.calmAtMs + LAST_WORDS_MS + whole(0, 500), person, room, ['say', { word: `last-${person}-${room}` }])
    }
  }
  return acts
}

type Saying = readonly [type: string, body: Json]

function roomsOf(person: number, shape: Shape): number[] {
  return Array.from({ length: shape.rooms }, (_, room) => room).filter((room) => mayEnter(person, room))
}

function peopleIn(room: number, shape: Shape): number[] {
  return Array.from({ length: shape.people }, (_, person) => person).filter((person) => mayEnter(person, room))
}

function sayingOf(luck: Chance, person: number, room: number, at: number, n: number, shape: Shape): Saying {
  const { whole, weighted } = luck
  const word = `w${n}`
  const to = userOf(whole(0, shape.people - 1))
  const wakeAt = BEGAN_AT + Math.round(at) + whole(100, WAKE_MS)
  // Kept long at times, so that what waits for a slow reader is much.
  const long = luck.happens(0.1) ? `${word}-${'x'.repeat(whole(100, 400))}` : word
  return weighted<Saying>([
    [6, ['say', { word: long }]],
    [4, ['add', { by: whole(1, 9) }]],
    [2, ['pair', { words: [`${word}a`, `${word}b`] }]],
    [2, ['whisper', { word, to }]],
    // Those who may not are told so, and nothing comes of it.
    [isPublic(room) && roleOf(person) === 'moderator' ? 2 : 0.1, ['note', { word }]],
    [1.5, ['wake', { at: wakeAt }]],
    [0.7, ['never', {}]],
    [0.5, ['nothing', {}]],
    [isPublic(room) && roleOf(person) === 'moderator' ? 0.1 : 0, ['crash', {}]],
  ])
}

/** Somebody of the staff throws somebody out of a room. */
function bar({ whole, pick }: Chance, shape: Shape): Act[] {
  const people = Array.from({ length: shape.people }, (_, person) => person)
  const staff = people.filter((person) => roleOf(person) === 'moderator')
  const others = people.filter((person) => roleOf(person) !== 'moderator')
  const publicRooms = Array.from({ length: shape.rooms }, (_, room) => room).filter(isPublic)
  if (others.length === 0) return []
  const at = whole(BEGIN_MS, shape.calmAtMs)
  const body = { user: userOf(pick(others)) }
  return [{ at, do: 'say', person: pick(staff), room: pick(publicRooms), type: 'bar', body }]
}
