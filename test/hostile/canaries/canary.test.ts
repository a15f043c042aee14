import { expect, test } from 'vitest'
import { EYES, maySee, spell, spot, type Canary, type Eyes, type Onlooker } from './canary.ts'
import { Sightings } from './watcher.ts'

const canary = (eyes: Eyes, more: Partial<Canary> = {}): Canary => ({
  event: 1,
  room: 2,
  eyes,
  person: 3,
  number: 4,
  ...more,
})
const onlooker = (more: Partial<Onlooker> = {}): Onlooker => ({
  event: 1,
  person: 9,
  role: 'attendee',
  late: false,
  lost: false,
  ...more,
})

test('a canary is found in whatever it is part of', () => {
  const all = EYES.map((eyes) => canary(eyes))
  expect(spot(JSON.stringify({ a: all.map(spell), [spell(canary('all'))]: 1 }))).toEqual([...all, canary('all')])
})

test.each<[eyes: Eyes, may: Partial<Onlooker>[], mayNot: Partial<Onlooker>[]]>([
  ['all', [{}, { lost: true }, { late: true }], [{ event: 2 }]],
  ['name', [{}], [{ event: 2, role: 'owner' }]],
  ['after', [{}], [{ lost: true }, { event: 2 }]],
  ['staff', [{ role: 'moderator' }, { role: 'owner' }], [{}, { role: 'speaker' }, { role: 'owner', event: 2 }]],
  ['held', [{ role: 'producer' }, { person: 3 }], [{}]],
  ['told', [{ person: 3 }], [{}, { role: 'owner' }]],
  ['taken-back', [{}], [{ late: true }]],
])('who may see what is for %s', (eyes, may, mayNot) => {
  for (const each of may) expect(maySee(onlooker(each), canary(eyes))).toBe(true)
  for (const each of mayNot) expect(maySee(onlooker(each), canary(eyes))).toBe(false)
})

test('what reaches the wrong eyes is a leak, and what reaches everybody always is', () => {
  const sightings = new Sightings()
  sightings.look(spell(canary('staff')), onlooker({ role: 'moderator' }), 'socket')
  expect(sightings.leaks).toEqual([])
  expect([...sightings.seen]).toEqual([spell(canary('staff'))])
  sightings.look(spell(canary('staff')), onlooker(), 'socket')
  sightings.look(spell(canary('all')), null, '/metrics')
  expect(sightings.leaks).toHaveLength(2)
})
