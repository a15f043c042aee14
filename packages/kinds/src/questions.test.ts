import { describe, expect, it } from 'vitest'
import type { UserId } from './ids.ts'
import type { Actor } from './kind.ts'
import { questions } from './questions.ts'
import {
  QUESTIONS_LIMITS,
  type QuestionsDigest,
  type QuestionsEntry,
  type QuestionsMine,
  type QuestionsState,
  type QuestionsView,
} from './questions/model.ts'
import { votedFor, votesOf } from './questions/votes.ts'
import { ROLES, type Role } from './roles.ts'
import { Stage } from './testing/stage.ts'

const person = (name: string, role: Role): Actor => ({ id: name.toLowerCase() as UserId, name, role })
const olga = person('Olga', 'owner')
const paul = person('Paul', 'producer')
const mona = person('Mona', 'moderator')
const sven = person('Sven', 'speaker')
const ada = person('Ada', 'attendee')
const ben = person('Ben', 'attendee')
const cleo = person('Cleo', 'attendee')
const PEOPLE = [olga, paul, mona, sven, ada, ben, cleo]

const open = (settings: object = {}, people: readonly Actor[] = PEOPLE) =>
  new Stage<QuestionsView, QuestionsMine>(questions, settings, people)
type Room = ReturnType<typeof open>

/** Asks; the seq of the question, be it held or not. */
function asked(room: Room, who: Actor, text: string, more: object = {}): number {
  const { refused, entries } = room.ask(who, 'ask', { text, ...more })
  expect(refused).toBeNull()
  return entries[0]?.seq ?? 0
}
const texts = (room: Room, audience: 'everyone' | 'staff' = 'everyone') =>
  room.view(audience).questions.map(({ text }) => text)
const one = (room: Room, seq: number, audience: 'everyone' | 'staff' = 'everyone') =>
  room.view(audience).questions.find((question) => question.seq === seq)
const stateOf = (room: Room) => room.play.state as QuestionsState
const digestOf = (room: Room) => questions.digest?.(stateOf(room), 'everyone') as QuestionsDigest | null
/** As a screen would count them. */
const votes = (room: Room, seq: number) => {
  const question = one(room, seq)
  return question === undefined ? null : votesOf(question, room.view(), digestOf(room))
}
const vote = (room: Room, who: Actor, target: number, on = true) => room.ask(who, 'vote', { target, on })
const OK = { refused: null }
const NOTHING = { refused: null, entries: [] }

describe('who may ask for what', () => {
  const ALL = 'owner producer moderator speaker attendee'
  const STAFF = 'owner producer moderator'
  const waiting = (room: Room, who: Actor) => {
    room.ask(olga, 'hold', { on: true })
    return asked(room, who, 'may I?')
  }
  const attendee = person('Dora', 'attendee')
  const bodies: Record<keyof typeof questions.commands, (room: Room, who: Actor) => object> = {
    ask: () => ({ text: 'Why?' }),
    edit: (room, who) => {
      const target = waiting(room, who)
      return { target, text: 'May I really?' }
    },
    delete: (room, who) => ({ target: asked(room, who, 'mine') }),
    vote: (room) => ({ target: asked(room, attendee, 'good'), on: true }),
    approve: (room) => ({ target: waiting(room, attendee) }),
    reject: (room) => ({ target: waiting(room, attendee) }),
    mark: (room) => ({ target: asked(room, attendee, 'good'), as: 'answered' }),
    restore: (room) => {
      const target = asked(room, attendee, 'good')
      room.ask(olga, 'mark', { target, as: 'dismissed' })
      return { target }
    },
    pin: (room) => ({ target: asked(room, attendee, 'good'), on: true }),
    reply: (room) => ({ target: asked(room, attendee, 'good'), text: 'So.' }),
    unreply: (room, who) => {
      const target = asked(room, attendee, 'good')
      const by = who.role === 'attendee' ? olga : who
      return { target, reply: room.ask(by, 'reply', { target, text: 'So.' }).entries[0]?.seq }
    },
    merge: (room) => ({ target: asked(room, attendee, 'good'), into: asked(room, attendee, 'better') }),
    hold: () => ({ on: true }),
    close: () => ({ on: true }),
  }
  const table: Record<keyof typeof questions.commands, string> = {
    ask: ALL,
    edit: 'speaker attendee',
    delete: ALL,
    vote: ALL,
    approve: STAFF,
    reject: STAFF,
    mark: STAFF,
    restore: STAFF,
    pin: STAFF,
    reply: `${STAFF} speaker`,
    unreply: `${STAFF} speaker`,
    merge: STAFF,
    hold: STAFF,
    close: STAFF,
  }
  const cells = (Object.keys(table) as (keyof typeof table)[]).flatMap((type) =>
    ROLES.map((role) => [role, type, table[type].split(' ').includes(role)] as const),
  )
  it.each(cells)('[R6] %s: %s is allowed: %s', (role, type, allowed) => {
    const room = open({}, [...PEOPLE, attendee])
    const who = PEOPLE.find((each) => each.role === role)
    if (who === undefined) throw new Error(`Nobody is ${role}.`)
    const body = bodies[type](room, who)
    const before = JSON.stringify(room.play.state)
    const { refused } = room.ask(who, type, body)
    // What staff ask is never held, so it can never be edited.
    if (type === 'edit' && !allowed) expect(refused).toBe('in_sight')
    else expect(refused).toBe(allowed ? null : 'denied')
    expect(JSON.stringify(room.play.state) === before).toBe(!allowed)
  })

  it('the engine itself is no one to talk to', () => {
    const system = { id: 'system' as UserId, name: 'system', role: 'system' } as const
    const command = { id: crypto.randomUUID() as never, type: 'hold', body: { on: true } } as const
    const state = questions.initial({ hold: false, anonymous: 'off' })
    expect(questions.decide(state, command, system, 0)).toMatchObject({ refused: 'not_a_person' })
  })
})

describe('asking', () => {
  it('shows who asked what and when', () => {
    const room = open()
    const seq = asked(room, ada, 'Why is it so?')
    expect(room.view().questions).toEqual([
      {
        seq,
        at: room.now,
        text: 'Why is it so?',
        by: { id: ada.id, name: 'Ada', role: 'attendee' },
        status: 'open',
        since: room.now,
        votes: 0,
        replies: [],
        merged: [],
      },
    ])
    expect(room.mine(ada)).toEqual({ votes: [], own: [seq], held: [] })
  })

  it('[R6] without a name hides the asker from the audience; staff see who', () => {
    const room = open()
    const told = room.ask(ada, 'ask', { text: 'Why?', anonymous: true })
    const seq = told.entries[0]?.seq ?? 0
    expect(told.logged.map(({ visibility }) => visibility)).toEqual(['everyone', 'staff', { only: ada.id }])
    expect(one(room, seq)).toMatchObject({ by: null, anonymous: 'audience' })
    expect(one(room, seq, 'staff')?.by?.name).toBe('Ada')
    expect(room.mine(ada).own).toEqual([seq])
    expect(vote(room, ada, seq)).toMatchObject({ refused: 'own_question' })
  })

  it('[R6] where the room says so, an asker is hidden from staff as well, held or not, and may still take it back', () => {
    const room = open({ anonymous: 'everyone', hold: true })
    const target = asked(room, ada, 'Why?', { anonymous: true })
    expect(room.view('staff').staff?.held).toMatchObject([{ text: 'Why?', by: null }])
    room.ask(ada, 'edit', { target, text: 'Why not?' })
    const [approval] = room.ask(mona, 'approve', { target }).entries
    const seq = approval?.seq ?? 0
    expect(one(room, seq, 'staff')).toMatchObject({ text: 'Why not?', by: null, anonymous: 'everyone' })
    expect(room.ask(ada, 'delete', { target: seq })).toMatchObject(OK)
    const seen = room.play.log.filter(({ visibility }) => visibility === 'everyone' || visibility === 'staff')
    expect(JSON.stringify(seen)).not.toContain('ada')
  })

  it('with a name only, where the room says so', () => {
    const room = open({ anonymous: 'off' })
    expect(room.ask(ada, 'ask', { text: 'Why?', anonymous: true })).toMatchObject({ refused: 'names_only' })
    expect(room.ask(ada, 'ask', { text: 'Why?' })).toMatchObject(OK)
  })

  it('is over for the audience when it is closed', () => {
    const room = open()
    room.ask(mona, 'close', { on: true })
    expect(room.view().closed).toBe(true)
    expect(room.ask(mona, 'close', { on: true })).toMatchObject(NOTHING)
    for (const who of [ada, sven]) expect(room.ask(who, 'ask', { text: 'Why?' })).toMatchObject({ refused: 'closed' })
    expect(room.ask(mona, 'ask', { text: 'Why?' })).toMatchObject(OK)
  })

  it('[R7] so many a person, so many a room', () => {
    const crowd = Array.from({ length: 31 }, (_, index) => person(`Guest-${index}`, 'attendee'))
    const room = open({}, [...PEOPLE, ...crowd])
    const { perPerson } = QUESTIONS_LIMITS
    for (const who of crowd.slice(0, 30)) for (let n = 0; n < perPerson; n += 1) asked(room, who, 'please')
    const [first] = crowd
    const newcomer = crowd.at(-1)
    if (first === undefined || newcomer === undefined) throw new Error('There is a crowd.')
    expect(room.ask(first, 'ask', { text: 'more' })).toMatchObject({ refused: 'asked_enough' })
    expect(room.ask(newcomer, 'ask', { text: 'me too' })).toMatchObject({ refused: 'questions_full' })
    const target = room.mine(first).own[0]
    room.ask(mona, 'mark', { target, as: 'answered' })
    expect(room.ask(newcomer, 'ask', { text: 'me too' })).toMatchObject(OK)
    expect(room.ask(mona, 'mark', { target, as: 'open' })).toMatchObject({ refused: 'questions_full' })
  })
})

describe('moderation', () => {
  it('[R6] a held question is seen by staff and its author alone, until it is approved', () => {
    const room = open({ hold: true })
    const told = room.ask(ada, 'ask', { text: 'secret' })
    expect(told.result).toEqual({ held: true })
    expect(told.logged.map(({ visibility }) => visibility)).toEqual(['staff', { only: ada.id }])
    const target = told.entries[0]?.seq
    expect(JSON.stringify([room.view(), room.mine(ben)])).not.toContain('secret')
    expect(room.mine(ada).held).toMatchObject([{ seq: target, text: 'secret' }])
    expect(vote(room, ben, target ?? 0)).toMatchObject({ refused: 'gone' })
    const at = room.now
    room.now += 60_000
    const [approval] = room.ask(mona, 'approve', { target }).entries
    expect(room.view().questions).toMatchObject([{ seq: approval?.seq, at, since: room.now, text: 'secret' }])
    expect(room.mine(ada)).toEqual({ votes: [], own: [approval?.seq], held: [] })
    expect(room.view('staff').staff?.held).toEqual([])
    expect(room.ask(mona, 'approve', { target })).toMatchObject({ refused: 'not_held' })
    expect(room.ask(mona, 'reject', { target })).toMatchObject({ refused: 'not_held' })
  })

  it('its author can edit a question until others see it, and nobody else can', () => {
    const room = open({ hold: true })
    const target = asked(room, ada, 'Wy?')
    expect(room.ask(ben, 'edit', { target, text: 'x' })).toMatchObject({ refused: 'gone' })
    expect(room.ask(ada, 'edit', { target, text: 'Wy?' })).toMatchObject(NOTHING)
    expect(room.ask(ada, 'edit', { target, text: 'Why?' })).toMatchObject(OK)
    expect(room.view('staff').staff?.held[0]?.text).toBe('Why?')
    expect(room.mine(ada).held[0]?.text).toBe('Why?')
    const [approval] = room.ask(mona, 'approve', { target }).entries
    expect(room.ask(ada, 'edit', { target: approval?.seq, text: 'x' })).toMatchObject({ refused: 'in_sight' })
  })

  it('a rejected question can be had back; who rejected it, its author is not told', () => {
    const room = open({ hold: true })
    const target = asked(room, ada, 'rude')
    const told = room.ask(mona, 'reject', { target })
    expect(told.entries.map(({ by }) => by?.name)).toEqual(['Mona', undefined])
    expect(room.mine(ada).held).toEqual([])
    expect(room.view('staff').staff).toMatchObject({ held: [], rejected: [{ seq: target }] })
    expect(room.ask(paul, 'restore', { target })).toMatchObject(OK)
    expect(room.ask(paul, 'restore', { target })).toMatchObject(NOTHING)
    expect(room.mine(ada).held).toMatchObject([{ seq: target, text: 'rude' }])
    expect(room.view('staff').staff).toMatchObject({ held: [{ seq: target }], rejected: [] })
  })

  it('a question that its author took back cannot be had back', () => {
    const room = open({ hold: true })
    const target = asked(room, ada, 'hm')
    expect(room.ask(mona, 'delete', { target })).toMatchObject({ refused: 'gone' })
    expect(room.ask(ada, 'delete', { target })).toMatchObject(OK)
    expect(JSON.stringify([room.play.state, room.mine(ada)])).not.toContain('hm')
    expect(room.ask(mona, 'restore', { target })).toMatchObject({ refused: 'gone' })
  })

  it('never holds staff; switched off, what waits goes on waiting', () => {
    const room = open({ hold: true })
    asked(room, olga, 'staff')
    asked(room, ada, 'held')
    room.ask(mona, 'hold', { on: false })
    expect(room.ask(mona, 'hold', { on: false })).toMatchObject(NOTHING)
    asked(room, ben, 'free')
    expect(texts(room)).toEqual(['staff', 'free'])
    expect(room.view('staff').staff?.held).toHaveLength(1)
  })
})

describe('votes', () => {
  it('[R6] are told to nobody but the voter, counted once, and can be withdrawn', () => {
    const room = open()
    const target = asked(room, ada, 'Why?')
    const told = vote(room, ben, target)
    expect(told.logged.map(({ visibility }) => visibility)).toEqual([{ only: ben.id }])
    expect(vote(room, ben, target)).toMatchObject(NOTHING)
    vote(room, cleo, target)
    expect([votes(room, target), room.mine(ben).votes, room.mine(ada).votes]).toEqual([2, [target], []])
    vote(room, ben, target, false)
    expect(vote(room, ben, target, false)).toMatchObject(NOTHING)
    expect([votes(room, target), room.mine(ben).votes]).toEqual([1, []])
    expect(vote(room, ben, 999)).toMatchObject({ refused: 'gone' })
  })

  it('not for one’s own question', () => {
    const room = open()
    expect(vote(room, ada, asked(room, ada, 'Why?'))).toMatchObject({ refused: 'own_question', entries: [] })
  })

  it('reach everyone as a digest, at most four a second, and the log as one tally for many', () => {
    expect(questions.digestMs).toBeGreaterThanOrEqual(250)
    const crowd = Array.from({ length: 300 }, (_, index) => person(`Guest-${index}`, 'attendee'))
    const room = open({}, [...PEOPLE, ...crowd])
    const quiet = asked(room, ada, 'quiet')
    const loud = asked(room, ada, 'loud')
    expect(digestOf(room)).toBeNull()
    for (const who of crowd) vote(room, who, loud)
    // Only what has changed is in it, however many questions there are.
    expect(digestOf(room)).toEqual({ tallies: 0, votes: { [loud]: 300 } })
    expect(one(room, loud)?.votes).toBe(0)
    room.now += QUESTIONS_LIMITS.tallyMs
    asked(room, ada, 'time goes by')
    const seen = room.play.log.filter(({ visibility }) => visibility === 'everyone').map(({ entry }) => entry.type)
    expect(seen).toEqual(['ask', 'ask', 'tally', 'ask'])
    expect(one(room, loud)?.votes).toBe(300)
    expect([digestOf(room), votes(room, loud), votes(room, quiet)]).toEqual([null, 300, 0])
  })

  it('a digest that is older than the view counts no more', () => {
    const room = open()
    const target = asked(room, ada, 'Why?')
    vote(room, ben, target)
    const stale = digestOf(room)
    vote(room, cleo, target)
    room.now += QUESTIONS_LIMITS.tallyMs
    asked(room, ada, 'time goes by')
    const question = one(room, target)
    if (question === undefined) throw new Error('The question is there.')
    expect(votesOf(question, room.view(), stale)).toBe(2)
  })

  it('[R7] so many in a room', () => {
    const room = open()
    const target = asked(room, ada, 'Why?')
    stateOf(room).voteCount = QUESTIONS_LIMITS.votes
    expect(vote(room, ben, target)).toMatchObject({ refused: 'votes_full', entries: [] })
  })
})

describe('merging', () => {
  const merged = () => {
    const room = open()
    const into = asked(room, ada, 'Why?')
    const target = asked(room, ben, 'How come?')
    vote(room, sven, into)
    vote(room, sven, target)
    vote(room, cleo, target)
    vote(room, ada, target)
    room.ask(mona, 'merge', { target, into })
    return { room, into, target }
  }

  it('unites the votes, one a person, and none for one’s own', () => {
    const { room, into, target } = merged()
    expect(texts(room)).toEqual(['Why?'])
    expect(votes(room, into)).toBe(2)
    const question = one(room, into)
    expect(question?.merged).toEqual([target])
    if (question === undefined) throw new Error('The question is there.')
    expect(votedFor(question, room.mine(cleo))).toBe(true)
    expect(vote(room, cleo, into)).toMatchObject(NOTHING)
    vote(room, cleo, into, false)
    expect([votes(room, into), room.mine(cleo).votes]).toEqual([1, []])
    vote(room, ben, into)
    expect(votes(room, into)).toBe(2)
    expect(room.view('staff').staff?.bin).toMatchObject([{ why: 'merged', into, question: { seq: target } }])
  })

  it('can be undone: each question has its own votes again', () => {
    const { room, into, target } = merged()
    expect(room.ask(mona, 'mark', { target, as: 'live' })).toMatchObject({ refused: 'merged' })
    expect(room.ask(mona, 'restore', { target })).toMatchObject(OK)
    expect(texts(room)).toEqual(['Why?', 'How come?'])
    expect([votes(room, into), votes(room, target)]).toEqual([1, 3])
    expect(one(room, into)?.merged).toEqual([])
    expect(room.view('staff').staff?.bin).toEqual([])
  })

  it('is refused where it makes no sense', () => {
    const { room, into, target } = merged()
    const third = asked(room, cleo, 'What for?')
    const merge = (from: number, to: number) => room.ask(mona, 'merge', { target: from, into: to })
    expect(merge(target, into)).toMatchObject(NOTHING)
    expect(merge(third, third)).toMatchObject({ refused: 'the_same' })
    expect(merge(into, third)).toMatchObject({ refused: 'has_duplicates' })
    expect(merge(third, target)).toMatchObject({ refused: 'gone' })
    expect(merge(999, into)).toMatchObject({ refused: 'gone' })
  })

  it('who deletes a question does not delete those of others under it', () => {
    const { room, into } = merged()
    expect(room.ask(ada, 'delete', { target: into })).toMatchObject(OK)
    expect(texts(room)).toEqual(['How come?'])
    expect(room.mine(sven).votes).toHaveLength(1)
  })

  it('who deletes a duplicate takes its votes along', () => {
    const { room, into, target } = merged()
    expect(room.ask(ben, 'delete', { target })).toMatchObject(OK)
    expect([votes(room, into), one(room, into)?.merged, room.mine(cleo).votes]).toEqual([1, [], []])
    expect(stateOf(room).voteCount).toBe(1)
  })
})

describe('answering', () => {
  it('one question is live at a time; the one before it is answered then', () => {
    const room = open()
    const [first, second] = [asked(room, ada, 'one'), asked(room, ada, 'two')]
    const mark = (target: number, as: string) => room.ask(mona, 'mark', { target, as })
    mark(first, 'live')
    expect(mark(first, 'live')).toMatchObject(NOTHING)
    room.now += 1_000
    mark(second, 'live')
    expect(room.view().questions).toMatchObject([
      { status: 'answered', since: room.now },
      { status: 'live', since: room.now },
    ])
    mark(first, 'open')
    expect(one(room, first)?.status).toBe('open')
  })

  it('what is archived or dismissed leaves all eyes but those of staff, and comes back as it was', () => {
    const room = open()
    const target = asked(room, ada, 'Why?', { anonymous: true })
    vote(room, ben, target)
    room.ask(mona, 'pin', { target, on: true })
    room.ask(mona, 'mark', { target, as: 'answered' })
    room.ask(sven, 'reply', { target, text: 'Because.' })
    const before = [one(room, target, 'staff'), one(room, target)]
    for (const as of ['archived', 'dismissed']) {
      room.now += 1_000
      room.ask(mona, 'mark', { target, as })
      expect(room.ask(mona, 'mark', { target, as })).toMatchObject(NOTHING)
      expect(JSON.stringify(room.view())).not.toContain('Why?')
      expect(room.view('staff').staff?.bin).toMatchObject([{ why: as, question: { by: { name: 'Ada' } } }])
      expect(vote(room, cleo, target)).toMatchObject({ refused: 'gone' })
      room.ask(mona, 'restore', { target })
      const votedBefore = before.map((question) => ({ ...question, votes: 1 }))
      expect([one(room, target, 'staff'), one(room, target)]).toEqual(votedBefore)
    }
    room.ask(mona, 'mark', { target, as: 'archived' })
    room.ask(mona, 'mark', { target, as: 'open' })
    expect(one(room, target)).toMatchObject({ status: 'open', since: room.now })
    expect(room.mine(ben).votes).toEqual([target])
  })

  it('[R7] so many are kept out of sight and answered; the first of them leaves, with its votes', () => {
    for (const [as, kept] of [
      ['archived', QUESTIONS_LIMITS.bin],
      ['answered', QUESTIONS_LIMITS.answered],
    ] as const) {
      const room = open()
      const seqs = Array.from({ length: kept + 1 }, () => {
        const target = asked(room, ada, 'Why?')
        vote(room, ben, target)
        room.now += 10_000
        room.ask(mona, 'mark', { target, as })
        return target
      })
      expect(Object.keys(stateOf(room).questions)).toHaveLength(kept)
      expect(room.mine(ben).votes).toEqual(seqs.slice(1))
      expect(room.mine(ada).own).toEqual(seqs.slice(1))
      expect(stateOf(room).voteCount).toBe(kept)
      expect(room.ask(mona, 'restore', { target: seqs[0] })).toMatchObject({ refused: 'gone' })
    }
  })

  it('speakers and staff reply in text, and take it back', () => {
    const room = open()
    const target = asked(room, ada, 'Why?')
    const [reply] = room.ask(sven, 'reply', { target, text: 'Because.' }).entries
    expect(one(room, target)?.replies).toEqual([
      { seq: reply?.seq, at: room.now, by: { id: sven.id, name: 'Sven', role: 'speaker' }, text: 'Because.' },
    ])
    const [other] = room.ask(mona, 'reply', { target, text: 'See above.' }).entries
    expect(room.ask(sven, 'unreply', { target, reply: other?.seq })).toMatchObject({ refused: 'not_yours' })
    expect(room.ask(mona, 'unreply', { target, reply: reply?.seq })).toMatchObject(OK)
    expect(room.ask(mona, 'unreply', { target, reply: reply?.seq })).toMatchObject({ refused: 'gone' })
    for (let n = 1; n < QUESTIONS_LIMITS.repliesPerQuestion; n += 1) room.ask(sven, 'reply', { target, text: 'So.' })
    expect(room.ask(sven, 'reply', { target, text: 'So.' })).toMatchObject({ refused: 'replies_full' })
  })

  it('so many pins, and each says since when', () => {
    const room = open()
    const seqs = Array.from({ length: QUESTIONS_LIMITS.pins + 1 }, () => asked(room, ada, 'Why?'))
    const pin = (target: number | undefined, on: boolean) => room.ask(mona, 'pin', { target, on })
    for (const seq of seqs.slice(1)) expect(pin(seq, true)).toMatchObject(OK)
    expect(pin(seqs[1], true)).toMatchObject(NOTHING)
    expect(pin(seqs[0], true)).toMatchObject({ refused: 'pins_full' })
    expect(one(room, seqs[1] ?? 0)?.pinned).toBe(room.now)
    pin(seqs[1], false)
    expect(one(room, seqs[1] ?? 0)).not.toHaveProperty('pinned')
    expect(pin(seqs[0], true)).toMatchObject(OK)
  })
})

describe('deleting', () => {
  it('its author takes a question back for good; others cannot, and staff dismiss', () => {
    const room = open()
    const target = asked(room, ada, 'Why?')
    vote(room, ben, target)
    expect(room.ask(ben, 'delete', { target })).toMatchObject({ refused: 'not_yours' })
    expect(room.ask(mona, 'delete', { target })).toMatchObject({ refused: 'not_yours' })
    expect(room.ask(ada, 'delete', { target })).toMatchObject(OK)
    expect(room.view('staff')).toMatchObject({ questions: [], staff: { bin: [] } })
    expect([room.mine(ada).own, room.mine(ben).votes, stateOf(room).voteCount]).toEqual([[], [], 0])
    expect(room.ask(mona, 'restore', { target })).toMatchObject({ refused: 'gone' })
  })

  it('[R6] whoever deletes a question that has no name is not named either', () => {
    const room = open()
    const target = asked(room, ada, 'Why?', { anonymous: true })
    expect(room.ask(ada, 'delete', { target }).entries.map(({ by }) => by)).toEqual([null])
  })

  it('history serves a dismissed or deleted question without its words, and a restored one with them', () => {
    const room = open()
    const target = asked(room, ada, 'secret')
    room.ask(mona, 'reply', { target, text: 'hidden' })
    const served = () => {
      const entries = room.play.log.map(({ entry }) => entry) as QuestionsEntry[]
      return JSON.stringify(
        entries.map((entry, index) => {
          const about = questions.about?.(entry) ?? entry.seq
          const later = entries.slice(index + 1).filter((other) => questions.about?.(other) === about)
          return questions.conceal?.(entry, later) ?? entry.body
        }),
      )
    }
    room.ask(mona, 'mark', { target, as: 'archived' })
    expect(served()).toContain('secret')
    room.ask(mona, 'restore', { target })
    room.ask(mona, 'mark', { target, as: 'dismissed' })
    expect(served()).not.toMatch(/secret|hidden/)
    room.ask(mona, 'restore', { target })
    expect(served()).toMatch(/secret.*hidden/)
    room.ask(ada, 'delete', { target })
    expect(served()).not.toMatch(/secret|hidden/)
  })
})
