import fc from 'fast-check'
import type { CommandId, UserId } from './ids.ts'
import type { Actor } from './kind.ts'
import type { Role } from './roles.ts'
import { stage } from './stage.ts'
import { PANELS, type StageEntry } from './stage/model.ts'
import { kindLaws, type AskOf, type Scene } from './testing/laws.ts'

type Ask = AskOf<typeof stage.commands>
type SceneBody = Extract<Ask, { type: 'add' }>['body']['scene']

const NO_CUE = '00000000-0000-4000-8000-0000000fffff' as CommandId

/** Mostly a cue that is or was in the rundown. */
const cue = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 999 })).map(([aim, pick]) => (scene: Scene): CommandId => {
  const added = (scene.entries as readonly StageEntry[]).filter(({ type }) => type === 'add')
  const list = aim < 3 ? added : added.slice(-5)
  return aim === 0 ? NO_CUE : (list[pick % Math.max(1, list.length)]?.id ?? NO_CUE)
})
/** Mostly the cue that is on. */
const current = fc.nat({ max: 9 }).map((aim) => (scene: Scene): CommandId | null => {
  const folded = (scene.entries as readonly StageEntry[]).reduce(stage.evolve, stage.initial(stage.settings.parse({})))
  return aim === 0 ? null : folded.backstage.live.cue
})
const before = fc.option(cue, { freq: 2 })
const last = fc.nat({ max: 9 }).map((aim) => (scene: Scene): CommandId => {
  const mine = (scene.entries as readonly StageEntry[]).filter(({ type }) => type !== 'now' && type !== 'prompt')
  return mine.at(aim === 0 ? 0 : -1)?.id ?? NO_CUE
})

const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, scene: Scene) => Ask): fc.Arbitrary<(scene: Scene) => Ask> =>
  from.map((given) => (scene) => make(given, scene))

const shows: fc.Arbitrary<(scene: Scene) => SceneBody> = fc
  .record({
    layout: fc.constantFrom(
      'welcome',
      'break',
      'card',
      'video',
      'image',
      'poll',
      'questions',
      'document',
      'game',
      'end',
    ),
    text: fc.boolean(),
    countdown: fc.boolean(),
    until: fc.option(fc.nat(), { freq: 2 }),
    allowed: fc.nat({ max: 9 }),
  })
  .map((given) => (scene) => {
    const text = given.text ? { text: scene.words() } : {}
    switch (given.layout) {
      case 'welcome':
      case 'break': {
        const until = given.until === null ? {} : { until: given.until }
        return { layout: given.layout, ...text, countdown: given.countdown, ...until }
      }
      case 'card':
        return { layout: 'card', ...text, ...(given.countdown ? { detail: scene.words() } : {}) }
      case 'video':
        return {
          layout: 'video',
          ...text,
          url: given.allowed === 0 ? 'https://example.com/watch?v=dQw4w9WgXcQ' : 'https://youtu.be/dQw4w9WgXcQ',
        }
      case 'image':
        return { layout: 'image', ...text, url: '/files/slide.png', alt: scene.words() }
      case 'end':
        return { layout: 'end', ...text }
      default:
        return { layout: given.layout, ...text, room: 'room-1' }
    }
  })

const lowerThird = fc.boolean().map((detail) => (scene: Scene) => ({
  title: scene.words(),
  ...(detail ? { detail: scene.words() } : {}),
}))
const panels = fc.subarray([...PANELS])
const plannedMs = fc.constantFrom(0, 1_000, 60_000)
const optional = {
  lowerThird: fc.option(lowerThird),
  announcement: fc.option(fc.constant(null)),
  panels: fc.option(panels),
}

const adding = ask(fc.record({ shows, before, plannedMs, notes: fc.boolean(), ...optional }), (given, scene) => ({
  type: 'add',
  body: {
    title: scene.words(),
    plannedMs: given.plannedMs,
    notes: given.notes ? scene.words() : '',
    scene: given.shows(scene),
    ...(given.lowerThird === null ? {} : { lowerThird: given.lowerThird(scene) }),
    ...(given.announcement === null ? {} : { announcement: scene.words() }),
    ...(given.panels === null ? {} : { panels: given.panels }),
    before: given.before?.(scene) ?? null,
  },
}))
const planning = [
  ask(
    fc.record({
      cue,
      shows: fc.option(shows),
      title: fc.boolean(),
      notes: fc.boolean(),
      off: fc.boolean(),
      ...optional,
    }),
    (given, scene) => ({
      type: 'edit',
      body: {
        cue: given.cue(scene),
        ...(given.title ? { title: scene.words() } : {}),
        ...(given.notes ? { notes: scene.words() } : {}),
        ...(given.shows === null ? {} : { scene: given.shows(scene) }),
        ...(given.lowerThird === null ? {} : { lowerThird: given.off ? null : given.lowerThird(scene) }),
        ...(given.announcement === null ? {} : { announcement: given.off ? null : scene.words() }),
        ...(given.panels === null ? {} : { panels: given.off ? null : given.panels }),
      },
    }),
  ),
  ask(cue, (given, scene) => ({ type: 'remove', body: { cue: given(scene) } })),
  ask(fc.record({ cue, before }), (given, scene) => ({
    type: 'move',
    body: { cue: given.cue(scene), before: given.before?.(scene) ?? null },
  })),
]
const going = [
  ask(current, (from, scene) => ({ type: 'next', body: { from: from(scene) } })),
  ask(current, (from, scene) => ({ type: 'next', body: { from: from(scene) } })),
  ask(current, (from, scene) => ({ type: 'back', body: { from: from(scene) } })),
  ask(cue, (to, scene) => ({ type: 'go', body: { to: to(scene) } })),
  ask(fc.constant(null), () => ({ type: 'start', body: {} })),
  ask(fc.nat({ max: 2 }), (end) => (end === 0 ? { type: 'end', body: {} } : { type: 'start', body: {} })),
]
const showing = [
  ask(fc.boolean(), (text, scene) => ({ type: 'hold', body: text ? { text: scene.words() } : {} })),
  ask(fc.constant(null), () => ({ type: 'resume', body: {} })),
  ask(fc.boolean(), (text, scene) => ({ type: 'announce', body: { text: text ? scene.words() : null } })),
  ask(fc.option(lowerThird), (given, scene) => ({
    type: 'lowerThird',
    body: { lowerThird: given?.(scene) ?? null },
  })),
  ask(panels, (given) => ({ type: 'panels', body: { panels: given } })),
]
const speaking = [
  ask(fc.nat({ max: 3 }), (to, scene) => ({
    type: 'message',
    body: { text: scene.words(), ...(to === 0 ? { to: 'id-speaker' } : {}) },
  })),
  ask(fc.nat({ max: 3 }), (clear, scene) =>
    clear === 0 ? { type: 'clearMessages', body: {} } : { type: 'message', body: { text: scene.words() } },
  ),
  ask(fc.nat({ max: 3 }), (on) => ({ type: 'standby', body: { on: on > 0 } })),
  ask(fc.nat({ max: 3 }), (on) => ({ type: 'standby', body: { on: on > 0, user: 'id-speaker' } })),
]
const noting = ask(fc.constantFrom('banned', 'admitted', 'given'), (did, scene) => ({
  type: 'noted',
  body: {
    by: { id: 'id-owner', name: scene.words() },
    did,
    user: 'id-attendee',
    name: scene.words(),
    role: 'attendee',
  },
}))
const undoing = ask(last, (of, scene) => ({ type: 'undo', body: { of: of(scene) } }))

const cues = fc.uniqueArray(
  fc.record({
    id: fc.uuid({ version: 4 }),
    title: fc.constantFrom('First', 'Second'),
    scene: fc.constantFrom({ layout: 'welcome', text: 'Hello', countdown: true }, { layout: 'end' }),
  }),
  { selector: ({ id }) => id, maxLength: 4 },
)
const settings = fc.oneof(fc.constant({}), fc.record({ panels }), fc.record({ cues }))
const command = fc.oneof(
  { weight: 6, arbitrary: adding },
  { weight: 4, arbitrary: fc.oneof(...planning) },
  { weight: 6, arbitrary: fc.oneof(...going) },
  { weight: 4, arbitrary: fc.oneof(...showing) },
  { weight: 3, arbitrary: fc.oneof(...speaking) },
  { weight: 3, arbitrary: undoing },
  { weight: 1, arbitrary: noting },
)

const person = (name: string, role: Role): Actor => ({ id: `id-${name}` as UserId, name: `Name of ${name}`, role })
const speaker = person('speaker', 'speaker')
const people = [
  person('owner', 'owner'),
  person('producer', 'producer'),
  person('moderator', 'moderator'),
  person('attendee', 'attendee'),
  // Twice, so that there are often speakers who stand by.
  speaker,
  speaker,
  person('second', 'speaker'),
  person('second', 'moderator'),
]

kindLaws(stage, { settings, command, people, runs: 100, steps: { minLength: 0, maxLength: 60 } })
