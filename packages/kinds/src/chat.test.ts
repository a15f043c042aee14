import { describe, expect, it } from 'vitest'
import { chat } from './chat.ts'
import { CHAT_LIMITS, type ChatEntry, type ChatMine, type ChatView } from './chat/model.ts'
import type { UserId } from './ids.ts'
import type { Actor } from './kind.ts'
import { ROLES, type Role } from './roles.ts'
import { Stage } from './testing/stage.ts'

const person = (name: string, role: Role): Actor => ({ id: name.toLowerCase() as UserId, name, role })
const olga = person('Olga', 'owner')
const paul = person('Paul', 'producer')
const mona = person('Mona', 'moderator')
const sven = person('Sven', 'speaker')
const ada = person('Ada', 'attendee')
const ben = person('Ben', 'attendee')
const PEOPLE = [olga, paul, mona, sven, ada, ben]

const open = (settings: object = {}, people: readonly Actor[] = PEOPLE) =>
  new Stage<ChatView, ChatMine>(chat, settings, people)

/** Says something; the seq of the entry that it became. */
function say(stage: ReturnType<typeof open>, who: Actor, text: string, more: object = {}): number {
  const { refused, entries } = stage.ask(who, 'post', { text, ...more })
  expect(refused).toBeNull()
  return entries[0]?.seq ?? 0
}

const texts = (stage: ReturnType<typeof open>) => stage.view().messages.map(({ text }) => text)
const OK = { refused: null }
const NOTHING = { refused: null, entries: [] }

describe('who may ask for what', () => {
  const ALL = 'owner producer moderator speaker attendee'
  const STAFF = 'owner producer moderator'
  const bodies: Record<string, (stage: ReturnType<typeof open>, who: Actor) => object> = {
    post: () => ({ text: 'hello' }),
    edit: (stage, who) => ({ target: say(stage, who, 'mine'), text: 'mine too' }),
    delete: (stage, who) => ({ target: say(stage, who, 'mine') }),
    react: (stage) => ({ target: say(stage, ben, 'nice'), emoji: '👍', on: true }),
    restore: (stage) => {
      const target = say(stage, ben, 'gone')
      stage.ask(olga, 'delete', { target })
      return { target }
    },
    pin: (stage) => ({ target: say(stage, ben, 'note'), on: true }),
    mute: () => ({ user: ben.id, name: 'Ben', on: true }),
    ban: () => ({ user: ben.id, name: 'Ben', on: true }),
    slow: () => ({ ms: 5_000 }),
    hold: () => ({ on: true }),
    approve: (stage) => ({ target: held(stage) }),
    reject: (stage) => ({ target: held(stage) }),
  }
  const held = (stage: ReturnType<typeof open>) => {
    stage.ask(olga, 'hold', { on: true })
    return say(stage, ben, 'may I?')
  }
  const table: Record<keyof typeof chat.commands, string> = {
    post: ALL,
    edit: ALL,
    delete: ALL,
    react: ALL,
    restore: STAFF,
    pin: STAFF,
    mute: STAFF,
    ban: STAFF,
    slow: STAFF,
    hold: STAFF,
    approve: STAFF,
    reject: STAFF,
  }

  it('names every command', () => {
    expect(Object.keys(chat.commands).toSorted()).toEqual(Object.keys(table).toSorted())
  })

  const cells = Object.entries(table).flatMap(([type, roles]) =>
    ROLES.map((role) => [role, type, roles.split(' ').includes(role)] as const),
  )
  it.each(cells)('[R6] %s: %s is allowed: %s', (role, type, allowed) => {
    const stage = open()
    const who = PEOPLE.find((one) => one.role === role)
    if (who === undefined) throw new Error(`Nobody is ${role}.`)
    const body = bodies[type]?.(stage, who)
    const before = JSON.stringify(stage.play.state)
    const told = stage.ask(who, type, body)
    expect(told.refused).toBe(allowed ? null : 'denied')
    expect(told.entries.length > 0).toBe(allowed)
    expect(JSON.stringify(stage.play.state) === before).toBe(!allowed)
  })

  it('the engine itself is no one to talk to', () => {
    const state = chat.initial({ slowMs: 0, hold: false })
    const system = { id: 'system' as UserId, name: 'system', role: 'system' } as const
    const command = { id: crypto.randomUUID() as never, type: 'post', body: { text: 'hi' } } as const
    expect(chat.decide(state, command, system, 0)).toMatchObject({ refused: 'not_a_person' })
  })
})

describe('posts', () => {
  it('show who said what, when, to whom', () => {
    const stage = open()
    const first = say(stage, ada, 'Is this   on?')
    stage.now += 5
    const second = say(stage, sven, 'Yes', { replyTo: first, mentions: [ada.id, ada.id, ben.id] })
    const by = { id: ada.id, name: 'Ada', role: 'attendee' }
    expect(stage.view().messages).toEqual([
      { seq: first, at: stage.now - 5, by, text: 'Is this   on?', mentions: [], reactions: {} },
      {
        seq: second,
        at: stage.now,
        by: { id: sven.id, name: 'Sven', role: 'speaker' },
        text: 'Yes',
        mentions: [ada.id, ben.id],
        replyTo: { seq: first, name: 'Ada', excerpt: 'Is this on?' },
        reactions: {},
      },
    ])
  })

  it.each([
    ['of white space', ' \n\t '],
    ['that is empty', ''],
    ['that is too long', 'x'.repeat(CHAT_LIMITS.textChars + 1)],
    ['with a bell', 'ding\u0007'],
    ['with a carriage return', 'a\rb'],
    ['with a null', 'a\u0000b'],
    ['with a C1 control', 'a\u0085b'],
    ['with half a character', 'a\ud83d'],
    ['that is no text', 7],
  ])('a text %s is refused', (_, text) => {
    expect(open().ask(ada, 'post', { text })).toMatchObject({ refused: 'denied', entries: [] })
  })

  it('are trimmed, keep newline and tab, and may be as long as the limit says', () => {
    const stage = open()
    say(stage, ada, ' a\n\tb <b>&amp; 👩‍🚀 \n')
    say(stage, ada, 'x'.repeat(CHAT_LIMITS.textChars))
    expect(texts(stage)).toEqual(['a\n\tb <b>&amp; 👩‍🚀', 'x'.repeat(CHAT_LIMITS.textChars)])
  })

  it('name twenty people and no more, and only by an id', () => {
    const ids = Array.from({ length: CHAT_LIMITS.mentions }, (_, index) => `user-${index}`)
    const stage = open()
    expect(stage.ask(ada, 'post', { text: 'all', mentions: ids })).toMatchObject(OK)
    expect(stage.view().messages[0]?.mentions).toEqual(ids)
    expect(stage.ask(ada, 'post', { text: 'all', mentions: [...ids, 'more'] })).toMatchObject({ refused: 'denied' })
    for (const id of ['', '<b>', '__proto__', 'x'.repeat(65)])
      expect(stage.ask(ada, 'post', { text: 'you', mentions: [id] })).toMatchObject({ refused: 'denied' })
  })

  it('answer only what is there', () => {
    const stage = open()
    const target = say(stage, ada, 'first')
    stage.ask(ada, 'delete', { target })
    expect(stage.ask(ben, 'post', { text: 'what?', replyTo: target })).toMatchObject({ refused: 'removed' })
    expect(stage.ask(ben, 'post', { text: 'what?', replyTo: 99 })).toMatchObject({ refused: 'gone' })
  })

  it('[R7] a view holds the newest hundred, and pins beside them', () => {
    const stage = open()
    const seqs = Array.from({ length: CHAT_LIMITS.recentMessages + 5 }, (_, index) => {
      const seq = say(stage, ada, `message ${index}`)
      if (index === 1) stage.ask(mona, 'pin', { target: seq, on: true })
      return seq
    })
    const { messages, pins } = stage.view()
    expect(messages.map(({ seq }) => seq)).toEqual(seqs.slice(-CHAT_LIMITS.recentMessages))
    expect(pins.map(({ text }) => text)).toEqual(['message 1'])
    expect(stage.ask(ada, 'edit', { target: seqs[1], text: 'still here' })).toMatchObject(OK)
    expect(stage.view().pins[0]).toMatchObject({ text: 'still here', edited: true, pinned: true })
    expect(stage.ask(ada, 'edit', { target: seqs[0], text: 'too late' })).toMatchObject({ refused: 'gone' })
    stage.ask(mona, 'pin', { target: seqs[1], on: false })
    expect(stage.ask(ada, 'edit', { target: seqs[1], text: 'too late' })).toMatchObject({ refused: 'gone' })
    expect(Object.keys((stage.play.state as { messages: object }).messages)).toHaveLength(CHAT_LIMITS.recentMessages)
  })
})

describe('edit', () => {
  it('is for one’s own words only, staff or not', () => {
    const stage = open()
    const target = say(stage, ada, 'teh')
    expect(stage.ask(ben, 'edit', { target, text: 'ha' })).toMatchObject({ refused: 'not_yours' })
    expect(stage.ask(olga, 'edit', { target, text: 'ha' })).toMatchObject({ refused: 'not_yours' })
    expect(stage.ask(ada, 'edit', { target, text: 'the' })).toMatchObject(OK)
    expect(stage.ask(ada, 'edit', { target, text: 'the' })).toMatchObject(NOTHING)
    expect(stage.view().messages[0]).toMatchObject({ text: 'the', edited: true })
  })

  it('is closed while messages are approved first, except for staff', () => {
    const stage = open()
    const target = say(stage, ada, 'nice')
    const theirs = say(stage, mona, 'nicer')
    stage.ask(mona, 'hold', { on: true })
    expect(stage.ask(ada, 'edit', { target, text: 'nasty' })).toMatchObject({ refused: 'hold_mode' })
    expect(stage.ask(mona, 'edit', { target: theirs, text: 'nicest' })).toMatchObject(OK)
  })
})

describe('delete and restore', () => {
  it('leave a tombstone without words, reactions or pin, also where it is quoted', () => {
    const stage = open()
    const target = say(stage, ada, 'secret')
    say(stage, ben, 'oh', { replyTo: target })
    stage.ask(ben, 'react', { target, emoji: '👍', on: true })
    stage.ask(mona, 'pin', { target, on: true })
    expect(stage.ask(ada, 'delete', { target })).toMatchObject(OK)
    expect(stage.view().messages[0]).toMatchObject({ text: '', removed: 'author', reactions: {} })
    expect(stage.view().pins).toEqual([])
    expect(JSON.stringify([stage.view('staff'), stage.play.state])).not.toContain('secret')
    expect(stage.mine(ben).reacted).toEqual({})
    expect(stage.ask(ada, 'edit', { target, text: 'x' })).toMatchObject({ refused: 'removed' })
    expect(stage.ask(ben, 'react', { target, emoji: '👍', on: true })).toMatchObject({ refused: 'removed' })
    expect(stage.ask(mona, 'pin', { target, on: true })).toMatchObject({ refused: 'removed' })
    expect(stage.ask(mona, 'restore', { target })).toMatchObject({ refused: 'removed_by_author' })
    expect(stage.ask(ada, 'delete', { target })).toMatchObject(NOTHING)
    expect(stage.ask(mona, 'delete', { target })).toMatchObject(NOTHING)
  })

  it('what staff removed comes back with its words, and its quotes', () => {
    const stage = open()
    const target = say(stage, ada, 'a joke')
    say(stage, ben, 'ha', { replyTo: target })
    expect(stage.ask(ben, 'delete', { target })).toMatchObject({ refused: 'not_yours' })
    expect(stage.ask(mona, 'delete', { target })).toMatchObject(OK)
    expect(stage.view().messages).toMatchObject([{ text: '', removed: 'staff' }, { replyTo: { excerpt: '' } }])
    expect(stage.ask(mona, 'delete', { target })).toMatchObject(NOTHING)
    expect(stage.ask(paul, 'restore', { target })).toMatchObject(OK)
    expect(stage.view().messages).toMatchObject([{ text: 'a joke' }, { replyTo: { excerpt: 'a joke' } }])
    expect(stage.view().messages[0]).not.toHaveProperty('removed')
    expect(stage.ask(paul, 'restore', { target })).toMatchObject(NOTHING)
  })

  it('an author can take away for good what staff removed', () => {
    const stage = open()
    const target = say(stage, ada, 'a joke')
    stage.ask(mona, 'delete', { target })
    expect(stage.ask(ada, 'delete', { target })).toMatchObject(OK)
    expect(JSON.stringify(stage.play.state)).not.toContain('a joke')
    expect(stage.ask(mona, 'restore', { target })).toMatchObject({ refused: 'removed_by_author' })
  })

  it('staff remove what is older than the state; others do not, and nobody what is not there', () => {
    const stage = open()
    const target = say(stage, ada, 'old')
    for (let count = 0; count < CHAT_LIMITS.recentMessages; count += 1) say(stage, ben, `message ${count}`)
    expect(stage.ask(ada, 'delete', { target })).toMatchObject({ refused: 'gone' })
    expect(stage.ask(mona, 'delete', { target })).toMatchObject(OK)
    expect(stage.ask(mona, 'restore', { target })).toMatchObject({ refused: 'gone' })
    expect(stage.ask(mona, 'delete', { target: 9_999 })).toMatchObject({ refused: 'gone' })
    expect(stage.ask(mona, 'delete', { target: 0 })).toMatchObject({ refused: 'gone' })
  })
})

describe('reactions', () => {
  it('count each person once an emoji, and repeat to nothing', () => {
    const stage = open()
    const target = say(stage, ada, 'hi')
    const react = (who: Actor, emoji: string, on: boolean) => stage.ask(who, 'react', { target, emoji, on })
    expect(react(ben, '👍', true).entries).toHaveLength(1)
    expect(react(ben, '👍', true)).toMatchObject(NOTHING)
    react(ada, '👍', true)
    react(ben, '❤️', true)
    expect(stage.view().messages[0]?.reactions).toEqual({ '👍': 2, '❤️': 1 })
    expect(stage.mine(ben).reacted).toEqual({ [target]: ['❤️', '👍'] })
    expect(react(ben, '❤️', false).entries).toHaveLength(1)
    expect(react(ben, '❤️', false)).toMatchObject(NOTHING)
    expect(stage.view().messages[0]?.reactions).toEqual({ '👍': 2 })
  })

  it.each(['', 'a', '👍👍', '👍 ', '<b>', '1', 'constructor', '__proto__'])('%j is no emoji', (emoji) => {
    const stage = open()
    const target = say(stage, ada, 'hi')
    expect(stage.ask(ben, 'react', { target, emoji, on: true })).toMatchObject({ refused: 'denied' })
  })

  it.each(['👍', '❤️', '👩‍🚀', '🇨🇭', '1️⃣', '👍🏽', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])('%s is one emoji', (emoji) => {
    const stage = open()
    const target = say(stage, ada, 'hi')
    expect(stage.ask(ben, 'react', { target, emoji, on: true })).toMatchObject(OK)
  })

  it('[R7] twelve different ones a message', () => {
    const stage = open()
    const target = say(stage, ada, 'hi')
    const many = Array.from('🍏🍎🍐🍊🍋🍌🍉🍇🍓🍈🍒🍑🥭')
    expect(many).toHaveLength(CHAT_LIMITS.emojiPerMessage + 1)
    const told = many.map((emoji) => stage.ask(ben, 'react', { target, emoji, on: true }).refused)
    expect(told).toEqual([...many.slice(1).map(() => null), 'too_many_emoji'])
    expect(stage.ask(ada, 'react', { target, emoji: '🍏', on: true })).toMatchObject(OK)
  })
})

describe('pins', () => {
  it('[R7] ten, in the order of pinning, and repeat to nothing', () => {
    const stage = open()
    const seqs = Array.from({ length: CHAT_LIMITS.pins + 1 }, (_, index) => say(stage, ada, `note ${index}`))
    const pin = (target: number | undefined, on: boolean) => stage.ask(mona, 'pin', { target, on })
    const order = seqs.slice(1).toReversed()
    for (const seq of order) expect(pin(seq, true)).toMatchObject(OK)
    expect(pin(order[0], true)).toMatchObject(NOTHING)
    expect(pin(seqs[0], false)).toMatchObject(NOTHING)
    expect(pin(seqs[0], true)).toMatchObject({ refused: 'pins_full' })
    expect(stage.view().pins.map(({ seq }) => seq)).toEqual(order)
    expect(pin(order[0], false)).toMatchObject(OK)
    expect(pin(seqs[0], true)).toMatchObject(OK)
    expect(pin(999, true)).toMatchObject({ refused: 'gone' })
  })
})

describe('slow mode', () => {
  it('lets one post and then says how long to wait', () => {
    const stage = open({ slowMs: 10_000 })
    say(stage, ada, 'one')
    expect(stage.mine(ada).nextPostAt).toBe(stage.now + 10_000)
    stage.now += 9_999
    expect(stage.ask(ada, 'post', { text: 'two' })).toMatchObject({ refused: 'slow_mode', retryAfter: 1, entries: [] })
    expect(stage.ask(ben, 'post', { text: 'mine' })).toMatchObject(OK)
    stage.now += 1
    expect(stage.ask(ada, 'post', { text: 'two' })).toMatchObject(OK)
  })

  it('never slows staff', () => {
    const stage = open({ slowMs: 10_000 })
    for (const who of [olga, paul, mona, olga, paul, mona]) say(stage, who, 'again')
    expect(stage.mine(mona).nextPostAt).toBe(0)
  })

  it('made shorter or ended, it shortens or ends the waits that run', () => {
    const stage = open({ slowMs: 60_000 })
    say(stage, ada, 'one')
    expect(stage.ask(mona, 'slow', { ms: 60_000 })).toMatchObject(NOTHING)
    stage.now += 1_000
    stage.ask(mona, 'slow', { ms: 5_000 })
    expect(stage.ask(ada, 'post', { text: 'two' })).toMatchObject({ refused: 'slow_mode', retryAfter: 5_000 })
    stage.ask(mona, 'slow', { ms: 0 })
    expect(stage.ask(ada, 'post', { text: 'two' })).toMatchObject(OK)
    expect(stage.view()).toMatchObject({ slowMs: 0 })
    expect(stage.ask(mona, 'slow', { ms: CHAT_LIMITS.slowMs + 1 })).toMatchObject({ refused: 'denied' })
    expect(stage.ask(mona, 'slow', { ms: -1 })).toMatchObject({ refused: 'denied' })
  })
})

describe('hold', () => {
  it('[R6] shows a held post to staff and its author alone, until it is approved', () => {
    const stage = open({ hold: true })
    const first = say(stage, mona, 'Welcome')
    const told = stage.ask(ada, 'post', { text: 'hello', replyTo: first, mentions: [ben.id] })
    expect(told.result).toEqual({ held: true })
    expect(told.logged.map(({ visibility }) => visibility)).toEqual(['staff', { only: ada.id }])
    const target = told.entries[0]?.seq
    const at = stage.now
    expect(JSON.stringify([stage.view(), stage.mine(ben)])).not.toContain('hello')
    expect(stage.view('staff').staff?.held).toMatchObject([{ seq: target, text: 'hello' }])
    expect(stage.mine(ada).held).toMatchObject([{ seq: target, text: 'hello' }])

    stage.now += 60_000
    const [approval] = stage.ask(paul, 'approve', { target }).entries
    expect(stage.view().messages.at(-1)).toEqual({
      seq: approval?.seq,
      at,
      by: { id: ada.id, name: 'Ada', role: 'attendee' },
      text: 'hello',
      mentions: [ben.id],
      replyTo: { seq: first, name: 'Mona', excerpt: 'Welcome' },
      reactions: {},
    })
    expect(stage.view('staff').staff?.held).toEqual([])
    expect(stage.mine(ada).held).toEqual([])
    expect(stage.ask(mona, 'approve', { target })).toMatchObject({ refused: 'not_held' })
    expect(stage.ask(mona, 'reject', { target })).toMatchObject({ refused: 'not_held' })
  })

  it('a rejected post is gone, and its author is not told by whom', () => {
    const stage = open({ hold: true })
    const target = say(stage, ada, 'rude')
    const told = stage.ask(mona, 'reject', { target })
    expect(told.logged.map(({ visibility }) => visibility)).toEqual(['staff', { only: ada.id }])
    expect(told.entries.map(({ by }) => by?.name)).toEqual(['Mona', undefined])
    expect(JSON.stringify([stage.view('staff'), stage.mine(ada)])).not.toContain('rude')
  })

  it('what staff turned down waits again when they take that back, for its author too; what the author took back stays away', () => {
    const stage = open({ hold: true })
    const first = say(stage, ada, 'one')
    const second = say(stage, ada, 'two')
    stage.ask(mona, 'reject', { target: first })
    expect(stage.ask(ada, 'restore', { target: first })).toMatchObject({ refused: 'denied' })
    const back = stage.ask(mona, 'restore', { target: first })
    expect(back.logged.map(({ visibility }) => visibility)).toEqual(['staff', { only: ada.id }])
    expect(stage.view('staff').staff?.held.map(({ seq }) => seq)).toEqual([first, second])
    expect(stage.mine(ada).held.map(({ text }) => text)).toEqual(['one', 'two'])
    expect(stage.ask(mona, 'restore', { target: first })).toMatchObject(NOTHING)
    expect(stage.ask(mona, 'approve', { target: first })).toMatchObject(OK)
    stage.ask(ada, 'delete', { target: second })
    expect(stage.ask(mona, 'restore', { target: second })).toMatchObject({ refused: 'gone' })
  })

  it('an author can take a held post back, others cannot', () => {
    const stage = open({ hold: true })
    const target = say(stage, ada, 'hm')
    expect(stage.ask(ben, 'delete', { target })).toMatchObject({ refused: 'gone' })
    expect(stage.ask(ada, 'edit', { target, text: 'x' })).toMatchObject({ refused: 'gone' })
    expect(stage.ask(ada, 'delete', { target })).toMatchObject(OK)
    expect(stage.mine(ada).held).toEqual([])
    expect(stage.view('staff').staff?.held).toEqual([])
  })

  it('never holds staff; switched off, what waits goes on waiting', () => {
    const stage = open({ hold: true })
    say(stage, olga, 'staff')
    say(stage, ada, 'held')
    expect(stage.ask(mona, 'hold', { on: true })).toMatchObject(NOTHING)
    stage.ask(mona, 'hold', { on: false })
    say(stage, ada, 'free')
    expect(texts(stage)).toEqual(['staff', 'free'])
    expect(stage.view('staff').staff?.held).toHaveLength(1)
  })

  it('[R7] so many a person, so many a room', () => {
    const crowd = Array.from({ length: 26 }, (_, index) => person(`Guest-${index}`, 'attendee'))
    const stage = open({ hold: true }, [...PEOPLE, ...crowd])
    const told = crowd.map((who) => {
      for (let count = 0; count < CHAT_LIMITS.heldPerPerson; count += 1) stage.ask(who, 'post', { text: 'please' })
      return stage.ask(who, 'post', { text: 'please' }).refused
    })
    expect(told).toEqual([...Array.from({ length: 24 }, () => 'held_enough'), 'held_full', 'held_full'])
    expect(stage.view('staff').staff?.held).toHaveLength(CHAT_LIMITS.held)
  })
})

describe('mute', () => {
  it('stops words and reactions until it ends, and says when', () => {
    const stage = open()
    const target = say(stage, ada, 'before')
    const told = stage.ask(mona, 'mute', { user: ada.id, name: 'Ada', on: true, forMs: 1_000 })
    expect(told.logged.map(({ visibility }) => visibility)).toEqual(['staff', { only: ada.id }])
    expect(told.entries.map(({ by }) => by?.name)).toEqual(['Mona', undefined])
    expect(stage.mine(ada).muted).toBe(stage.now + 1_000)
    const muted = { refused: 'muted', retryAfter: 1_000, entries: [] }
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject(muted)
    expect(stage.ask(ada, 'edit', { target, text: 'x' })).toMatchObject(muted)
    expect(stage.ask(ada, 'react', { target, emoji: '👍', on: true })).toMatchObject(muted)
    stage.now += 999
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject({ refused: 'muted', retryAfter: 1 })
    stage.now += 1
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject(OK)
    expect(stage.mine(ada).muted).toBeNull()
  })

  it('without an end it ends when it is lifted; twice is once', () => {
    const stage = open()
    const mute = (on: boolean) => stage.ask(mona, 'mute', { user: ada.id, name: 'Ada', on })
    expect(mute(false)).toMatchObject(NOTHING)
    expect(mute(true)).toMatchObject(OK)
    expect(mute(true)).toMatchObject(NOTHING)
    expect(stage.mine(ada).muted).toBe(true)
    expect(stage.view('staff').staff?.muted).toEqual([{ user: ada.id, name: 'Ada', until: null }])
    expect(stage.view()).not.toHaveProperty('staff')
    stage.now += CHAT_LIMITS.muteMs * 10
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject({ refused: 'muted', retryAfter: undefined })
    expect(mute(false)).toMatchObject(OK)
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject(OK)
  })

  it('a muted person can still take away their own words', () => {
    const stage = open()
    const target = say(stage, ada, 'sorry')
    stage.ask(mona, 'mute', { user: ada.id, name: 'Ada', on: true })
    expect(stage.ask(ada, 'delete', { target })).toMatchObject(OK)
  })

  it('what has ended is cleared from the list by the next one', () => {
    const stage = open()
    stage.ask(mona, 'mute', { user: ada.id, name: 'Ada', on: true, forMs: 10 })
    stage.now += 10
    say(stage, sven, 'time goes by')
    stage.ask(mona, 'mute', { user: ben.id, name: 'Ben', on: true })
    expect(stage.view('staff').staff?.muted.map(({ name }) => name)).toEqual(['Ben'])
  })

  it('staff cannot be muted, nor banned; who was staff can', () => {
    const later: Actor = { ...paul, role: 'attendee' }
    const stage = open({}, [...PEOPLE, later])
    say(stage, paul, 'I am staff')
    for (const who of [paul, mona]) {
      const body = { user: who.id, name: who.name, on: true }
      expect(stage.ask(mona, 'mute', body)).toMatchObject({ refused: 'staff_cannot_be_muted', entries: [] })
      expect(stage.ask(mona, 'ban', body)).toMatchObject({ refused: 'staff_cannot_be_banned', entries: [] })
    }
    say(stage, later, 'I was staff')
    expect(stage.ask(mona, 'mute', { user: paul.id, name: 'Paul', on: true })).toMatchObject(OK)
    expect(stage.ask(later, 'post', { text: 'x' })).toMatchObject({ refused: 'muted' })
    // Made staff again, the mute does not bind.
    expect(stage.ask(paul, 'post', { text: 'x' })).toMatchObject(OK)
  })

  it('[R7] the lists of the muted and the banned end, and say so', () => {
    const stage = open()
    const ids = Array.from({ length: CHAT_LIMITS.bans }, (_, index) => `user-${index}`)
    const state = stage.play.state as ReturnType<typeof chat.initial>
    state.mutes = Object.fromEntries(ids.map((id) => [id, { name: id, until: null }]))
    state.banned = Object.fromEntries(ids.map((id) => [id, id]))
    state.barred = ids as UserId[]
    const body = { user: ada.id, name: 'Ada', on: true }
    expect(stage.ask(mona, 'mute', body)).toMatchObject({ refused: 'mutes_full', entries: [] })
    expect(stage.ask(mona, 'ban', body)).toMatchObject({ refused: 'bans_full', entries: [] })
    stage.ask(mona, 'mute', { user: 'user-7', name: 'x', on: false })
    stage.ask(mona, 'ban', { user: 'user-7', name: 'x', on: false })
    expect(stage.ask(mona, 'mute', body)).toMatchObject(OK)
    expect(stage.ask(mona, 'ban', body)).toMatchObject(OK)
  })
})

describe('ban', () => {
  it('[R6] bars from the room and from its every command, until it is lifted; twice is once', () => {
    const stage = open()
    const target = say(stage, ada, 'before')
    const ban = (on: boolean) => stage.ask(mona, 'ban', { user: ada.id, name: 'Ada', on })
    const barred = () => chat.barred?.(stage.play.state as never)
    expect(ban(false)).toMatchObject(NOTHING)
    expect(ban(true).logged.map(({ visibility }) => visibility)).toEqual(['staff'])
    expect(ban(true)).toMatchObject(NOTHING)
    expect(barred()).toEqual([ada.id])
    expect(stage.view('staff').staff?.banned).toEqual([{ user: ada.id, name: 'Ada' }])
    for (const [type, body] of [
      ['post', { text: 'x' }],
      ['edit', { target, text: 'x' }],
      ['delete', { target }],
      ['react', { target, emoji: '👍', on: true }],
    ] as const)
      expect(stage.ask(ada, type, body)).toMatchObject({ refused: 'banned', entries: [] })
    ban(false)
    expect(barred()).toEqual([])
    expect(stage.ask(ada, 'post', { text: 'back' })).toMatchObject(OK)
  })
})

describe('[R7] bounds of what many people do', () => {
  it('slow mode remembers so many people, then asks the rest to wait', () => {
    const stage = open({ slowMs: 10_000 })
    const state = stage.play.state as ReturnType<typeof chat.initial>
    const ends = stage.now + 10_000
    state.waits = Object.fromEntries(Array.from({ length: CHAT_LIMITS.slowed }, (_, index) => [`user-${index}`, ends]))
    state.waitCount = CHAT_LIMITS.slowed
    state.waitsEndFrom = ends
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject({ refused: 'busy', retryAfter: 10_000, entries: [] })
    stage.now = ends
    say(stage, mona, 'time goes by')
    expect(state.waitCount).toBe(0)
    expect(stage.ask(ada, 'post', { text: 'x' })).toMatchObject(OK)
  })

  it('so many reactions in the state', () => {
    const stage = open()
    const target = say(stage, ada, 'hi')
    const state = stage.play.state as ReturnType<typeof chat.initial>
    state.reactionCount = CHAT_LIMITS.reactions - 1
    expect(stage.ask(ben, 'react', { target, emoji: '👍', on: true })).toMatchObject(OK)
    expect(stage.ask(ada, 'react', { target, emoji: '👍', on: true })).toMatchObject({ refused: 'reactions_full' })
    expect(stage.ask(ben, 'react', { target, emoji: '👍', on: false })).toMatchObject(OK)
    expect(stage.ask(ada, 'react', { target, emoji: '👍', on: true })).toMatchObject(OK)
  })

  it('ids that are names of an object’s own parts are people like any other', () => {
    const odd: Actor = { id: 'constructor' as UserId, name: 'Odd', role: 'attendee' }
    const stage = open({ slowMs: 1_000 }, [...PEOPLE, odd])
    const target = say(stage, odd, 'hi')
    expect(stage.ask(odd, 'react', { target, emoji: '👍', on: true }).entries).toHaveLength(1)
    expect(stage.mine(odd)).toMatchObject({ muted: null, reacted: { [target]: ['👍'] } })
  })
})

it('typing is a signal for everyone, twice a second', () => {
  const { typing } = chat.signals
  expect(typing.allow).toEqual(ROLES)
  expect(typing.perSecond).toBe(2)
  expect(typing.body.safeParse({ on: true }).success).toBe(true)
})

describe('history', () => {
  /** What it serves in place of the log's nth entry. */
  const served = (stage: ReturnType<typeof open>, index: number) => {
    const entries = stage.play.log.map(({ entry }) => entry) as ChatEntry[]
    const entry = entries[index]
    if (entry === undefined) throw new Error(`There is no entry ${index}.`)
    const later = entries.slice(index + 1)
    const subject = chat.about?.(entry) ?? entry.seq
    return chat.conceal?.(
      entry,
      later.filter((other) => chat.about?.(other) === subject),
    )
  }

  it('serves a removed message without its words, and what was restored with them', () => {
    const stage = open()
    const target = say(stage, ada, 'secret')
    stage.ask(ada, 'edit', { target, text: 'hidden' })
    stage.ask(mona, 'delete', { target })
    expect(served(stage, 0)).toEqual({ text: '' })
    expect(served(stage, 1)).toEqual({ target, text: '' })
    expect(served(stage, 2)).toBeNull()
    stage.ask(mona, 'restore', { target })
    expect([0, 1, 2, 3].map((index) => served(stage, index))).toEqual([null, null, null, null])
    stage.ask(ada, 'delete', { target })
    expect(served(stage, 0)).toEqual({ text: '' })
    expect(served(stage, 3)).toEqual({ target, text: '' })
  })

  it('serves an approved message without its words once it is removed', () => {
    const stage = open({ hold: true })
    const held = say(stage, ada, 'secret')
    const target = stage.ask(mona, 'approve', { target: held }).entries[0]?.seq
    expect(served(stage, 2)).toBeNull()
    stage.ask(ada, 'delete', { target })
    expect(served(stage, 2)).toMatchObject({ target: held, message: { text: '', by: { name: 'Ada' } } })
  })

  it('never holds the words that an answer quotes', () => {
    const stage = open()
    const target = say(stage, ada, 'secret')
    say(stage, ben, 'oh', { replyTo: target })
    expect(JSON.stringify(stage.play.log[1])).not.toContain('secret')
  })
})
