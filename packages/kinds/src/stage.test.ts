import { describe, expect, it } from 'vitest'
import type { CommandId, UserId } from './ids.ts'
import type { Actor } from './kind.ts'
import { ROLES, type Role } from './roles.ts'
import { stage } from './stage.ts'
import { clockOf, timeLeft } from './stage/clock.ts'
import { STAGE_LIMITS, type Backstage, type CueId, type StageMine, type StageView } from './stage/model.ts'
import { nextCue, previewOf } from './stage/preview.ts'
import { promptOf } from './stage/shown.ts'
import { canEmbed, videoOf } from './stage/video.ts'
import { sees } from './testing/audiences.ts'
import { Stage } from './testing/stage.ts'

const person = (name: string, role: Role): Actor => ({ id: name.toLowerCase() as UserId, name, role })
const olga = person('Olga', 'owner')
const paul = person('Paul', 'producer')
const mona = person('Mona', 'moderator')
const sven = person('Sven', 'speaker')
const sara = person('Sara', 'speaker')
const ada = person('Ada', 'attendee')
const PEOPLE = [olga, paul, mona, sven, sara, ada]

const open = (settings: object = {}, people: readonly Actor[] = PEOPLE) =>
  new Stage<StageView, StageMine>(stage, settings, people)
type Room = ReturnType<typeof open>

const backstage = (room: Room): Backstage => {
  const { staff } = room.view('staff')
  if (staff === undefined) throw new Error('Staff see it all.')
  return staff
}
/** Adds a cue; its id. */
function add(room: Room, title: string, more: object = {}): CueId {
  const { refused, entries } = room.ask(paul, 'add', { title, scene: { layout: 'end', text: `See ${title}` }, ...more })
  expect(refused).toBeNull()
  return entries[0]?.id as CueId
}
const titles = (room: Room) => backstage(room).cues.map(({ title }) => title)
const on = (room: Room) => room.view().show?.scene.text ?? null
const current = (room: Room) => backstage(room).live.cue
const next = (room: Room, who = paul) => room.ask(who, 'next', { from: current(room) })
const undo = (room: Room, who = paul) => room.ask(who, 'undo', { of: backstage(room).undo?.of })
const OK = { refused: null }
const NOTHING = { refused: null, entries: [] }
const MINUTE = 60_000

describe('who may ask for what', () => {
  const setting: Record<string, (room: Room) => object> = {
    add: () => ({ title: 'More', scene: { layout: 'end' } }),
    edit: (room) => ({ cue: add(room, 'One'), title: 'Other' }),
    remove: (room) => ({ cue: add(room, 'One') }),
    move: (room) => ({ before: add(room, 'One'), cue: add(room, 'Two') }),
    start: (room) => (add(room, 'One'), {}),
    next: (room) => (add(room, 'One'), { from: null }),
    back: (room) => {
      add(room, 'One')
      room.ask(olga, 'go', { to: add(room, 'Two') })
      return { from: current(room) }
    },
    go: (room) => ({ to: add(room, 'One') }),
    end: (room) => (add(room, 'One'), room.ask(olga, 'start', {}), {}),
    hold: () => ({}),
    resume: (room) => (room.ask(olga, 'hold', {}), {}),
    announce: () => ({ text: 'Fire drill' }),
    lowerThird: () => ({ lowerThird: { title: 'Sven' } }),
    panels: () => ({ panels: [] }),
    message: () => ({ text: 'Louder' }),
    clearMessages: (room) => (room.ask(olga, 'message', { text: 'Louder' }), {}),
    standby: (room) => (room.ask(sara, 'standby', { on: true }), { on: false, user: sara.id }),
    undo: (room) => (add(room, 'One'), { of: backstage(room).undo?.of }),
  }
  it('names every command', () => {
    // What the server alone may say is a test of its own.
    const said = Object.keys(stage.commands).filter((type) => type !== 'noted')
    expect(said.toSorted()).toEqual(Object.keys(setting).toSorted())
  })

  const cells = Object.keys(setting).flatMap((type) => ROLES.map((role) => [role, type] as const))
  it.each(cells)('[R6] %s: %s', (role, type) => {
    const room = open()
    const who = PEOPLE.find((each) => each.role === role)
    if (who === undefined) throw new Error(`Nobody is ${role}.`)
    const body = setting[type]?.(room)
    const before = JSON.stringify(room.play.state)
    const { refused } = room.ask(who, type, type === 'standby' && role === 'speaker' ? { on: true } : body)
    const allowed = ['owner', 'producer', 'moderator'].includes(role) || (type === 'standby' && role === 'speaker')
    expect(refused).toBe(allowed ? null : 'denied')
    expect(JSON.stringify(room.play.state) === before).toBe(!allowed)
  })
})

describe('the rundown', () => {
  it('is added to, edited and put in order', () => {
    const room = open()
    const one = add(room, 'One')
    const two = add(room, 'Two')
    const zero = add(room, 'Zero', { before: one })
    expect(titles(room)).toEqual(['Zero', 'One', 'Two'])
    room.ask(paul, 'move', { cue: two, before: one })
    room.ask(paul, 'move', { cue: zero })
    expect(titles(room)).toEqual(['Two', 'One', 'Zero'])
    expect(room.ask(paul, 'move', { cue: zero })).toMatchObject(NOTHING)
    expect(room.ask(paul, 'move', { cue: two, before: one })).toMatchObject(NOTHING)
    const lowerThird = { title: 'Sven', detail: 'Geologist' }
    room.ask(mona, 'edit', { cue: one, title: 'Eins', notes: 'Quietly', plannedMs: 5, lowerThird, panels: ['people'] })
    expect(backstage(room).cues[1]).toEqual({
      id: one,
      title: 'Eins',
      plannedMs: 5,
      notes: 'Quietly',
      scene: { layout: 'end', text: 'See One' },
      lowerThird,
      panels: ['people'],
    })
    room.ask(mona, 'edit', { cue: one, notes: '', lowerThird: null })
    expect(room.ask(mona, 'edit', { cue: one, notes: '', lowerThird: null })).toMatchObject(NOTHING)
    expect(backstage(room).cues[1]).not.toHaveProperty('lowerThird')
    room.ask(paul, 'remove', { cue: two })
    expect(titles(room)).toEqual(['Eins', 'Zero'])
    for (const [type, body] of [
      ['edit', { cue: two, title: 'x' }],
      ['remove', { cue: two }],
      ['move', { cue: two }],
      ['move', { cue: one, before: two }],
      ['go', { to: two }],
      ['add', { title: 'x', scene: { layout: 'end' }, before: two }],
    ] as const)
      expect(room.ask(paul, type, body)).toMatchObject({ refused: 'no_cue', entries: [] })
  })

  it('the cue that is on cannot be removed; edited, attendees see it at once', () => {
    const room = open()
    const one = add(room, 'One')
    next(room)
    expect(room.ask(paul, 'remove', { cue: one })).toMatchObject({ refused: 'on_air' })
    const since = room.now
    room.now += 5_000
    room.ask(paul, 'edit', { cue: one, scene: { layout: 'end', text: 'Corrected' } })
    expect(room.view().show).toEqual({ cue: one, scene: { layout: 'end', text: 'Corrected' }, since, until: null })
  })

  it('[R7] has so many cues', () => {
    const room = open()
    for (let n = 0; n < STAGE_LIMITS.cues; n += 1) add(room, 'Cue')
    expect(room.ask(paul, 'add', { title: 'x', scene: { layout: 'end' } })).toMatchObject({ refused: 'cues_full' })
  })

  it('[R7] forgets what a removed cue has played', () => {
    const room = open()
    const one = add(room, 'One')
    add(room, 'Two')
    next(room)
    room.now += MINUTE
    next(room)
    room.ask(paul, 'remove', { cue: one })
    expect(backstage(room).live.played).toEqual({})
    undo(room)
    expect(backstage(room).live.played).toEqual({ [one]: MINUTE })
  })
})

describe('running it', () => {
  it('goes on and back, and to any cue', () => {
    const room = open()
    const [one, , three] = [add(room, 'One'), add(room, 'Two'), add(room, 'Three')]
    expect(on(room)).toBeNull()
    expect(room.ask(paul, 'back', { from: null })).toMatchObject({ refused: 'first_cue' })
    next(room)
    next(room)
    expect(on(room)).toBe('See Two')
    room.ask(mona, 'go', { to: three })
    expect(room.ask(mona, 'go', { to: three })).toMatchObject(NOTHING)
    expect(next(room)).toMatchObject({ refused: 'last_cue' })
    room.ask(paul, 'back', { from: three })
    room.ask(paul, 'go', { to: one })
    expect(on(room)).toBe('See One')
    expect(room.ask(paul, 'back', { from: one })).toMatchObject({ refused: 'first_cue' })
  })

  it('two who press Next at once go on by one cue', () => {
    const room = open()
    const from = add(room, 'One')
    add(room, 'Two')
    add(room, 'Three')
    next(room)
    expect(room.ask(paul, 'next', { from })).toMatchObject(OK)
    expect(room.ask(mona, 'next', { from })).toMatchObject({ refused: 'moved_on', entries: [] })
    expect(on(room)).toBe('See Two')
  })

  it('a cue brings its lower third, which leaves with it, its announcement, which stays, and its panels', () => {
    const room = open({ panels: ['chat'] })
    add(room, 'One', { lowerThird: { title: 'Sven' }, announcement: 'Slides are online', panels: ['polls', 'chat'] })
    add(room, 'Two')
    expect(room.view()).toMatchObject({ lowerThird: null, announcement: null, panels: ['chat'] })
    next(room)
    expect(room.view()).toMatchObject({
      lowerThird: { title: 'Sven' },
      announcement: 'Slides are online',
      panels: ['chat', 'polls'],
    })
    next(room)
    expect(room.view()).toMatchObject({
      lowerThird: null,
      announcement: 'Slides are online',
      panels: ['chat', 'polls'],
    })
    room.ask(paul, 'announce', { text: null })
    room.ask(paul, 'panels', { panels: [] })
    room.ask(paul, 'lowerThird', { lowerThird: { title: 'Sara' } })
    expect(room.view()).toMatchObject({ lowerThird: { title: 'Sara' }, announcement: null, panels: [] })
    for (const [type, body] of [
      ['announce', { text: null }],
      ['panels', { panels: [] }],
      ['lowerThird', { lowerThird: { title: 'Sara' } }],
      ['resume', {}],
      ['clearMessages', {}],
    ] as const)
      expect(room.ask(paul, type, body)).toMatchObject(NOTHING)
  })

  it('hold lies over everything, and what is under it stays', () => {
    const room = open()
    add(room, 'One')
    next(room)
    const { show } = room.view()
    room.now += 1_000
    room.ask(mona, 'hold', { text: 'A moment, please' })
    expect(room.view()).toMatchObject({ show, hold: { text: 'A moment, please', since: room.now } })
    expect(room.ask(paul, 'hold', { text: 'A moment, please' })).toMatchObject(NOTHING)
    room.ask(paul, 'resume', {})
    expect(room.view()).toMatchObject({ show, hold: null })
  })

  it('the end shows the end, and a new start begins anew', () => {
    const room = open()
    expect(room.ask(paul, 'start', {})).toMatchObject({ refused: 'no_cues' })
    expect(room.ask(paul, 'end', {})).toMatchObject({ refused: 'not_started' })
    const image = { layout: 'image', url: '/files/a.png', alt: 'A map' }
    add(room, 'Welcome', { scene: { layout: 'welcome' } })
    const map = add(room, 'Map', { scene: image })
    room.ask(paul, 'start', {})
    expect(room.view().show?.scene).toEqual(image)
    expect(room.ask(paul, 'start', {})).toMatchObject(NOTHING)
    room.now += MINUTE
    room.ask(paul, 'end', {})
    expect(room.ask(paul, 'end', {})).toMatchObject(NOTHING)
    expect(room.view()).toMatchObject({ show: { scene: { layout: 'end' } }, programme: { until: room.now } })
    expect(next(room)).toMatchObject({ refused: 'ended' })
    expect(room.ask(paul, 'go', { to: map })).toMatchObject({ refused: 'ended' })
    room.now += MINUTE
    room.ask(paul, 'start', {})
    expect(room.view()).toMatchObject({
      show: { scene: image, since: room.now },
      programme: { from: room.now, until: null },
    })
    expect(backstage(room).live.played).toEqual({})
  })

  it('a countdown leads to a given time, or to the end of what was planned', () => {
    const room = open()
    const welcome = { layout: 'welcome', countdown: true }
    const timed = add(room, 'Doors', { plannedMs: MINUTE, scene: { ...welcome, until: room.now + 5 } })
    const planned = add(room, 'Break', { plannedMs: MINUTE, scene: { layout: 'break', countdown: true } })
    const none = add(room, 'Break', { plannedMs: MINUTE, scene: { layout: 'break' } })
    const until = [timed, planned, none].map((to) => {
      room.ask(paul, 'go', { to })
      return room.view().show?.until
    })
    expect(until).toEqual([room.now + 5, room.now + MINUTE, null])
  })
})

describe('undo', () => {
  it('takes back what was done last, as if it had never been', () => {
    const acts: [string, (room: Room) => object][] = [
      ['next', (room) => ({ from: current(room) })],
      ['back', (room) => ({ from: current(room) })],
      ['go', (room) => ({ to: backstage(room).cues[0]?.id })],
      ['end', () => ({})],
      ['hold', () => ({})],
      ['announce', () => ({ text: 'Hello' })],
      ['lowerThird', () => ({ lowerThird: { title: 'Sven' } })],
      ['panels', () => ({ panels: [] })],
      ['add', () => ({ title: 'New', scene: { layout: 'end' } })],
      ['edit', (room) => ({ cue: current(room), title: 'x', scene: { layout: 'break' } })],
      ['remove', (room) => ({ cue: backstage(room).cues[0]?.id })],
      ['move', (room) => ({ cue: backstage(room).cues[0]?.id })],
    ]
    for (const [type, body] of acts) {
      const room = open()
      for (const title of ['One', 'Two', 'Three']) add(room, title)
      next(room)
      room.now += 1_000
      next(room)
      room.now += 1_000
      const before = { ...room.view('staff'), staff: { ...backstage(room), undo: null } }
      expect(room.ask(paul, type, body(room))).toMatchObject(OK)
      expect({ ...room.view('staff'), staff: { ...backstage(room), undo: null } }).not.toEqual(before)
      expect(backstage(room).undo?.until).toBe(room.now + 10_000)
      room.now += 10_000
      expect(undo(room, mona)).toMatchObject(OK)
      expect(room.view('staff')).toEqual(before)
    }
  })

  it('for ten seconds, once, and only what was done last', () => {
    const room = open()
    add(room, 'One')
    next(room)
    const of = backstage(room).undo?.of
    room.now += STAGE_LIMITS.undoMs + 1
    expect(room.ask(paul, 'undo', { of })).toMatchObject({ refused: 'undo_late' })
    room.ask(mona, 'hold', {})
    expect(room.ask(paul, 'undo', { of })).toMatchObject({ refused: 'undo_other' })
    const hold = backstage(room).undo?.of
    expect(room.ask(paul, 'undo', { of: hold })).toMatchObject(OK)
    expect(room.ask(paul, 'undo', { of: hold })).toMatchObject({ refused: 'undo_other' })
  })

  it('is an entry like all others: the night replayed has it too', () => {
    const room = open()
    add(room, 'One')
    next(room)
    room.ask(paul, 'hold', {})
    undo(room)
    const seen = room.play.log.filter((one) => sees(one, { audience: 'everyone', me: null })).map(({ entry }) => entry)
    expect(seen.map(({ type, body, by }) => [type, Object.keys(body as object), by])).toEqual([
      ['now', ['show', 'programme'], null],
      ['now', ['hold'], null],
      ['now', ['hold'], null],
    ])
    expect(room.play.log.filter(({ visibility }) => visibility === 'staff').map(({ entry }) => entry.type)).toEqual([
      'add',
      'go',
      'hold',
      'undo',
    ])
  })
})

describe('[R6] what attendees never see', () => {
  it('notes, titles, coming cues, messages, and who did what', () => {
    const room = open()
    const scene = { layout: 'end', text: 'scene-one' }
    add(room, 'title-one', { notes: 'notes-one', announcement: 'shown-one', scene })
    add(room, 'title-two', { notes: 'notes-two', scene: { layout: 'end', text: 'scene-two' }, announcement: 'coming' })
    room.ask(sven, 'standby', { on: true })
    next(room)
    room.ask(mona, 'message', { text: 'message-one' })
    room.ask(paul, 'hold', { text: 'shown-two' })
    const entries = room.play.log.filter((one) => sees(one, { audience: 'everyone', me: ada.id }))
    const told = JSON.stringify([entries, room.view(), room.mine(ada)])
    expect(told).toMatch(/shown-one.*shown-two/)
    const hidden = ['title-', 'notes-', 'message-', 'scene-two', 'coming', 'paul', 'mona', 'sven']
    for (const words of hidden) expect(told.toLowerCase()).not.toContain(words)
  })
})

describe('speakers', () => {
  it('who stand by see the present and the next cue with notes, and the messages; others do not', () => {
    const room = open()
    add(room, 'One', { notes: 'First', plannedMs: MINUTE })
    add(room, 'Two', { notes: 'Then' })
    next(room)
    room.ask(mona, 'message', { text: 'Louder' })
    expect(room.ask(sven, 'standby', { on: true }).logged.map(({ visibility }) => visibility)).toEqual([
      'staff',
      { only: sven.id },
    ])
    expect(room.mine(sven).prompt).toMatchObject({
      now: { title: 'One', notes: 'First', plannedMs: MINUTE },
      since: room.now,
      next: { title: 'Two', notes: 'Then' },
      messages: [{ text: 'Louder', by: 'Mona' }],
    })
    expect(room.mine(sara)).toEqual({ prompt: null })
    expect(room.mine(sven).prompt).toEqual(promptOf(backstage(room), sven.id))
    room.ask(paul, 'message', { text: 'Two minutes', to: sven.id })
    expect(room.mine(sven).prompt?.messages.map(({ text }) => text)).toEqual(['Louder', 'Two minutes'])
    room.ask(sara, 'standby', { on: true })
    expect(room.mine(sara).prompt?.messages.map(({ text }) => text)).toEqual(['Louder'])
    expect(room.ask(sara, 'standby', { on: true })).toMatchObject(NOTHING)
    room.ask(paul, 'clearMessages', {})
    expect(room.mine(sven).prompt?.messages).toEqual([])
  })

  it('leave by themselves, or are sent by staff; then they see no more', () => {
    const room = open()
    add(room, 'One')
    for (const who of [sven, sara]) room.ask(who, 'standby', { on: true })
    room.ask(sven, 'standby', { on: false })
    room.ask(mona, 'standby', { on: false, user: sara.id })
    expect(room.ask(mona, 'standby', { on: false, user: sara.id })).toMatchObject(NOTHING)
    expect([room.mine(sven), room.mine(sara)]).toEqual([{ prompt: null }, { prompt: null }])
    expect(next(room).entries.map(({ type }) => type)).toEqual(['go', 'now'])
    expect(room.ask(mona, 'standby', { on: true })).toMatchObject({ refused: 'not_a_speaker' })
    expect(room.ask(mona, 'message', { text: 'x', to: sven.id })).toMatchObject({ refused: 'no_speaker' })
  })

  it('[R7] so many, and so many messages', () => {
    const crowd = Array.from({ length: STAGE_LIMITS.speakers }, (_, index) => person(`Speaker-${index}`, 'speaker'))
    const room = open({}, [...PEOPLE, ...crowd])
    for (const who of crowd) expect(room.ask(who, 'standby', { on: true })).toMatchObject(OK)
    expect(room.ask(sven, 'standby', { on: true })).toMatchObject({ refused: 'speakers_full' })
    for (let n = 0; n <= STAGE_LIMITS.messages; n += 1) room.ask(mona, 'message', { text: `${n}` })
    expect(backstage(room).messages.map(({ text }) => text)).toEqual(
      Array.from({ length: STAGE_LIMITS.messages }, (_, index) => `${index + 1}`),
    )
  })
})

describe('the clock', () => {
  const evening = () => {
    const room = open()
    const welcome = add(room, 'Doors', { plannedMs: 30 * MINUTE, scene: { layout: 'welcome' } })
    const talk = add(room, 'Talk', { plannedMs: 20 * MINUTE })
    const rest = add(room, 'Answers', { plannedMs: 10 * MINUTE })
    return { room, welcome, talk, rest }
  }
  const clock = (room: Room) => clockOf(backstage(room), room.now)

  it('tells elapsed and left of the cue, plan and reality of each, and where the programme will end', () => {
    const { room, welcome, talk, rest } = evening()
    expect(clock(room)).toMatchObject({
      cue: null,
      programme: { elapsedMs: 0, plannedMs: 30 * MINUTE, endsAt: null, overMs: null },
    })
    next(room)
    room.now += 40 * MINUTE
    expect(clock(room)).toMatchObject({ cue: { id: welcome, leftMs: -10 * MINUTE }, programme: { endsAt: null } })
    next(room)
    const began = room.now
    expect(clock(room).programme).toEqual({
      elapsedMs: 0,
      plannedMs: 30 * MINUTE,
      endsAt: began + 30 * MINUTE,
      overMs: 0,
    })
    room.now += 25 * MINUTE
    expect(clock(room).cue).toEqual({ id: talk, elapsedMs: 25 * MINUTE, leftMs: -5 * MINUTE })
    expect(clock(room).programme).toMatchObject({ overMs: 5 * MINUTE, endsAt: began + 35 * MINUTE })
    next(room)
    room.now += 2 * MINUTE
    room.ask(paul, 'end', {})
    room.now += 60 * MINUTE
    expect(clock(room).programme).toEqual({
      elapsedMs: 27 * MINUTE,
      plannedMs: 30 * MINUTE,
      endsAt: began + 27 * MINUTE,
      overMs: -3 * MINUTE,
    })
    expect(clock(room).cues).toEqual([
      { id: welcome, plannedMs: 30 * MINUTE, playedMs: 40 * MINUTE, overMs: 10 * MINUTE },
      { id: talk, plannedMs: 20 * MINUTE, playedMs: 25 * MINUTE, overMs: 5 * MINUTE },
      { id: rest, plannedMs: 10 * MINUTE, playedMs: 2 * MINUTE, overMs: -8 * MINUTE },
    ])
  })

  it('a cue that is on again goes on where its account was', () => {
    const { room, talk } = evening()
    room.ask(paul, 'go', { to: talk })
    room.now += 5 * MINUTE
    next(room)
    room.now += MINUTE
    room.ask(paul, 'back', { from: current(room) })
    room.now += 5 * MINUTE
    expect(clock(room).cues[1]).toMatchObject({ playedMs: 10 * MINUTE, overMs: -10 * MINUTE })
    expect(clock(room).cue).toMatchObject({ elapsedMs: 5 * MINUTE, leftMs: 10 * MINUTE })
    expect(clock(room).programme.overMs).toBe(MINUTE)
    expect(timeLeft(promptOf(backstage(room), sven.id), room.now)).toBe(10 * MINUTE)
  })

  it('previews for staff what attendees would see', () => {
    const { room, talk } = evening()
    next(room)
    expect(nextCue(backstage(room))?.id).toBe(talk)
    const preview = previewOf(backstage(room), talk, room.now)
    next(room)
    expect(room.view()).toEqual(preview)
    next(room)
    expect(nextCue(backstage(room))).toBeNull()
  })
})

describe('videos', () => {
  const YOUTUBE = 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ'
  it.each([
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', YOUTUBE],
    ['https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3', YOUTUBE],
    ['https://youtu.be/dQw4w9WgXcQ?si=x', YOUTUBE],
    ['https://m.youtube.com/live/dQw4w9WgXcQ', YOUTUBE],
    ['https://vimeo.com/76979871', 'https://player.vimeo.com/video/76979871?dnt=1'],
    ['https://player.vimeo.com/video/76979871?h=1', 'https://player.vimeo.com/video/76979871?dnt=1'],
    ['https://framatube.org/w/9dRFC6Ya11NCVeYKn8ZhiD', 'https://framatube.org/videos/embed/9dRFC6Ya11NCVeYKn8ZhiD'],
    ['https://tube.example.org/videos/watch/9dRFC6Ya11NC', 'https://tube.example.org/videos/embed/9dRFC6Ya11NC'],
  ])('%s is embedded as it should be', (url, embed) => {
    expect(videoOf(url, ['tube.example.org'])?.embed).toBe(embed)
  })

  it('is shown in place only where pages may frame its host', () => {
    const of = (url: string) => videoOf(url, ['tube.example.org'])
    expect(
      ['https://youtu.be/dQw4w9WgXcQ', 'https://vimeo.com/76979871', 'https://tube.example.org/w/9dRFC6Ya11NC']
        .map((url) => of(url))
        .map((video) => video !== null && canEmbed(video)),
    ).toEqual([true, true, false])
  })

  it.each([
    'https://example.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com.example.com/watch?v=dQw4w9WgXcQ',
    'http://www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://user@www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/watch?v="><script>',
    'https://vimeo.com/channels/staffpicks',
    'https://peer.example.org/w/9dRFC6Ya11NCVeYKn8ZhiD',
    'javascript:alert(1)',
    'not a link',
  ])('%s is refused, and why is said', (url) => {
    const told = open().ask(paul, 'add', { title: 'Film', scene: { layout: 'video', url } })
    expect(told).toMatchObject({ refused: 'video_not_allowed', entries: [] })
  })

  it('a host of PeerTube’s may be a setting of the room', () => {
    const room = open({ peertube: ['tube.example.org'] })
    add(room, 'Film', { scene: { layout: 'video', url: 'https://tube.example.org/w/9dRFC6Ya11NC' } })
    next(room)
    expect(room.view().show?.scene).toMatchObject({ video: { provider: 'PeerTube' } })
    expect(stage.settings.safeParse({ peertube: ['evil.example/x'] }).success).toBe(false)
  })
})

it.each(['javascript:alert(1)', '//example.com/a.png', '/\\example.com', 'http://example.com/a.png', 'a b', 'data:x'])(
  'an image at %s is refused',
  (url) => {
    const scene = { layout: 'image', url, alt: 'A map' }
    expect(open().ask(paul, 'add', { title: 'Map', scene })).toMatchObject({ refused: 'denied' })
  },
)

it('what was done to people elsewhere is noted by the server alone, for staff, and changes nothing of the evening', () => {
  const room = open()
  add(room, 'Opening')
  const body = {
    by: { id: olga.id, name: 'Olga' },
    did: 'banned',
    user: ada.id,
    name: 'Ada',
    role: 'attendee',
  } as const
  expect(room.ask(olga, 'noted', body)).toMatchObject({ refused: 'not_yours_to_say' })
  const before = backstage(room)
  const command = { id: 'c' as CommandId, type: 'noted', body } as const
  const system: Actor = { id: 'system' as UserId, name: 'system', role: 'system' }
  const state = stage.initial(stage.settings.parse({}))
  expect(stage.decide(state, command, system, 0)).toEqual({ entries: [{ type: 'noted', body }] })
  const entry = { seq: 1, at: 0, by: system, id: command.id, type: 'noted', body } as const
  expect(stage.visibility(entry, state)).toBe('staff')
  expect(stage.evolveView({ ...room.view('staff') }, entry, olga.id).staff).toEqual(before)
})
