import { describe, expect, it } from 'vitest'
import type { UserId } from './ids.ts'
import type { Actor } from './kind.ts'
import { polls } from './polls.ts'
import {
  POLLS_LIMITS,
  type Poll,
  type PollId,
  type PollsDigest,
  type PollsMine,
  type PollsState,
  type PollsView,
} from './polls/model.ts'
import { myVote, resultsOf } from './polls/results.ts'
import { ROLES, type Audience, type Role } from './roles.ts'
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

const stage = (people: readonly Actor[] = PEOPLE) => new Stage<PollsView, PollsMine>(polls, {}, people)
type Room = ReturnType<typeof stage>

const LUNCH = { title: 'Lunch?', form: { type: 'choice', options: ['Soup', 'Salad', 'Both'] } }
const QUIZ = {
  title: 'Capital of Peru?',
  form: { type: 'choice', options: ['Quito', 'Lima'], quiz: { right: [1], points: 1_000, speed: true } },
  privacy: 'named',
  seconds: 20,
}

function drafted(room: Room, spec: object = {}): PollId {
  const { refused, entries } = room.ask(olga, 'draft', { ...LUNCH, ...spec })
  expect(refused).toBeNull()
  return (entries[0]?.id ?? '') as PollId
}
function opened(room: Room, spec: object = {}): PollId {
  const poll = drafted(room, spec)
  expect(room.ask(olga, 'open', { poll }).refused).toBeNull()
  return poll
}
const vote = (room: Room, who: Actor, poll: PollId, answer: object) => room.ask(who, 'vote', { poll, answer })
const pick = (room: Room, who: Actor, poll: PollId, ...picks: number[]) => vote(room, who, poll, { picks })
const close = (room: Room, poll: PollId) => expect(room.ask(olga, 'close', { poll }).refused).toBeNull()
const reveal = (room: Room, poll: PollId) => expect(room.ask(olga, 'reveal', { poll }).refused).toBeNull()
const stateOf = (room: Room) => room.play.state as PollsState
const digestOf = (room: Room, audience: Audience = 'everyone') =>
  polls.digest?.(stateOf(room), audience) as PollsDigest | null
const seen = (room: Room, poll: PollId, audience: Audience = 'everyone'): Poll | undefined =>
  room.view(audience).polls.find(({ id }) => id === poll)
/** As a screen would show them. */
const results = (room: Room, poll: PollId, audience: Audience = 'everyone') => {
  const shown = seen(room, poll, audience)
  return shown === undefined ? null : resultsOf(shown, room.view(audience), digestOf(room, audience))
}
const OK = { refused: null }
const NOTHING = { refused: null, entries: [] }

describe('who may ask for what', () => {
  const ALL = 'owner producer moderator speaker attendee'
  const STAFF = 'owner producer moderator'
  const bodies: Record<keyof typeof polls.commands, (room: Room) => object> = {
    draft: () => LUNCH,
    edit: (room) => ({ poll: drafted(room), ...LUNCH, title: 'Dinner?' }),
    remove: (room) => ({ poll: drafted(room) }),
    open: (room) => ({ poll: drafted(room) }),
    close: (room) => ({ poll: opened(room) }),
    reopen: (room) => {
      const poll = opened(room)
      close(room, poll)
      return { poll }
    },
    reveal: (room) => ({ poll: opened(room) }),
    archive: (room) => {
      const poll = opened(room)
      close(room, poll)
      return { poll }
    },
    restore: (room) => {
      const poll = opened(room)
      close(room, poll)
      room.ask(olga, 'archive', { poll })
      return { poll }
    },
    hide: (room) => {
      const poll = opened(room, { form: { type: 'text' } })
      vote(room, cleo, poll, { text: 'Rude' })
      return { poll, text: 'Rude', on: true }
    },
    clearBoard: (room) => {
      const poll = opened(room, QUIZ)
      pick(room, cleo, poll, 1)
      close(room, poll)
      reveal(room, poll)
      return {}
    },
    vote: (room) => ({ poll: opened(room), answer: { picks: [0] } }),
  }
  const cells = (Object.keys(bodies) as (keyof typeof bodies)[]).flatMap((type) =>
    ROLES.map((role) => [role, type, (type === 'vote' ? ALL : STAFF).split(' ').includes(role)] as const),
  )
  it.each(cells)('[R6] %s: %s is allowed: %s', (role, type, allowed) => {
    const room = stage()
    const who = PEOPLE.find((each) => each.role === role) ?? ada
    const body = bodies[type](room)
    const before = JSON.stringify(room.play.state)
    expect(room.ask(who, type, body).refused).toBe(allowed ? null : 'denied')
    expect(JSON.stringify(room.play.state) === before).toBe(!allowed)
  })
})

describe('the life of a poll', () => {
  it('is drafted out of sight, opened, closed, revealed, and archived out of sight again', () => {
    const room = stage()
    const poll = drafted(room, { show: 'revealed' })
    expect(room.view().polls).toEqual([])
    expect(seen(room, poll, 'staff')).toMatchObject({ title: 'Lunch?', status: 'draft' })
    room.ask(olga, 'open', { poll })
    expect(seen(room, poll)).toMatchObject({ status: 'open', openedAt: room.now, closesAt: null })
    pick(room, ada, poll, 1)
    close(room, poll)
    expect(seen(room, poll)).toMatchObject({ status: 'closed', closedAt: room.now, results: { votes: 1 } })
    expect(seen(room, poll)?.results).not.toHaveProperty('counts')
    reveal(room, poll)
    expect(results(room, poll)).toMatchObject({ votes: 1, counts: [0, 1, 0] })
    room.ask(olga, 'archive', { poll })
    expect(room.view().polls).toEqual([])
    expect(seen(room, poll, 'staff')).toMatchObject({ status: 'archived' })
    room.ask(olga, 'restore', { poll })
    expect(results(room, poll)).toMatchObject({ votes: 1, counts: [0, 1, 0] })
    expect(room.ask(olga, 'reopen', { poll })).toMatchObject({ refused: 'sealed' })
  })

  it('a draft can be rewritten and dropped; what was opened stays as it is', () => {
    const room = stage()
    const poll = drafted(room)
    expect(room.ask(mona, 'edit', { poll, ...LUNCH, title: 'Dinner?' })).toMatchObject(OK)
    expect(seen(room, poll, 'staff')?.title).toBe('Dinner?')
    room.ask(olga, 'open', { poll })
    expect(room.ask(olga, 'edit', { poll, ...LUNCH })).toMatchObject({ refused: 'not_a_draft' })
    expect(room.ask(olga, 'remove', { poll })).toMatchObject({ refused: 'in_sight' })
    const other = drafted(room)
    expect(room.ask(olga, 'remove', { poll: other })).toMatchObject(OK)
    expect(room.ask(olga, 'open', { poll: other })).toMatchObject({ refused: 'gone' })
  })

  it('closes by itself when its time is up, and takes no vote from that moment on', () => {
    const room = stage()
    const poll = opened(room, { seconds: 30 })
    pick(room, ada, poll, 0)
    room.now += 30_000
    expect(pick(room, ben, poll, 0)).toMatchObject({ refused: 'closed' })
    expect(seen(room, poll)).toMatchObject({ status: 'closed', closedAt: room.now, results: { votes: 1 } })
  })

  it('reopens with the votes that it had, for as long as it was open at first', () => {
    const room = stage()
    const poll = opened(room, { seconds: 30 })
    pick(room, ada, poll, 0)
    close(room, poll)
    expect(room.ask(olga, 'reopen', { poll })).toMatchObject(OK)
    expect(seen(room, poll)).toMatchObject({ status: 'open', closesAt: room.now + 30_000 })
    pick(room, ben, poll, 0)
    close(room, poll)
    expect(results(room, poll)).toMatchObject({ votes: 2, counts: [2, 0, 0] })
  })

  it('what is so already is a yes that adds nothing', () => {
    const room = stage()
    const poll = opened(room)
    expect(room.ask(paul, 'open', { poll })).toMatchObject(NOTHING)
    expect(pick(room, ada, poll, 0)).toMatchObject(OK)
    expect(pick(room, ada, poll, 0)).toMatchObject(NOTHING)
    close(room, poll)
    expect(room.ask(paul, 'close', { poll })).toMatchObject(NOTHING)
    reveal(room, poll)
    expect(room.ask(paul, 'reveal', { poll })).toMatchObject(NOTHING)
    room.ask(olga, 'archive', { poll })
    expect(room.ask(paul, 'archive', { poll })).toMatchObject(NOTHING)
    expect(room.ask(paul, 'clearBoard', {})).toMatchObject(NOTHING)
  })
})

describe('votes', () => {
  it('everyone has one, changeable until the poll closes', () => {
    const room = stage()
    const poll = opened(room)
    pick(room, ada, poll, 0)
    pick(room, ben, poll, 0)
    pick(room, ada, poll, 2)
    expect(results(room, poll)).toEqual({ votes: 2, counts: [1, 0, 1] })
    expect(myVote(room.mine(ada), seen(room, poll) as Poll)).toMatchObject({ answer: { picks: [2] } })
    close(room, poll)
    expect(pick(room, ada, poll, 1)).toMatchObject({ refused: 'closed' })
  })

  it('stays as it is where the poll says so', () => {
    const room = stage()
    const poll = opened(room, { change: false })
    pick(room, ada, poll, 0)
    expect(pick(room, ada, poll, 1)).toMatchObject({ refused: 'voted_already' })
    expect(results(room, poll)).toMatchObject({ counts: [1, 0, 0] })
  })

  it('is written for its voter alone, and told to all by numbers', () => {
    const room = stage()
    const poll = opened(room)
    const { logged } = pick(room, ada, poll, 0)
    expect(logged.map(({ visibility }) => visibility)).toEqual([{ only: ada.id }])
    expect(room.view().polls[0]?.results).toEqual({ votes: 0 })
    expect(digestOf(room)).toEqual({ tallies: 0, results: { [poll]: { votes: 1, counts: [1, 0, 0] } } })
    room.now += POLLS_LIMITS.tallyMs
    room.ask(ada, 'vote', { poll, answer: { picks: [0] } })
    expect(room.view().polls[0]?.results).toMatchObject({ votes: 1, counts: [1, 0, 0] })
    expect(digestOf(room)).toBeNull()
    // A digest from before that tally says nothing any more.
    const stale = { tallies: 0, results: { [poll]: { votes: 9 } } }
    expect(resultsOf(seen(room, poll) as Poll, room.view(), stale)).toMatchObject({ votes: 1 })
  })

  it.each([
    ['more picks than allowed', LUNCH.form, { picks: [0, 1] }],
    ['an option that is not there', LUNCH.form, { picks: [3] }],
    ['a rating for a choice', LUNCH.form, { rating: 1 }],
    ['a step beyond the scale', { type: 'rating', steps: 5 }, { rating: 6 }],
    ['more words than allowed', { type: 'words', max: 1 }, { words: ['a', 'b'] }],
    ['words for a text', { type: 'text' }, { words: ['a'] }],
    ['a text for words', { type: 'words' }, { text: 'a' }],
  ])('%s is no answer', (_, form, answer) => {
    const room = stage()
    const poll = opened(room, { form })
    expect(vote(room, ada, poll, answer)).toMatchObject({ refused: 'wrong_answer' })
  })

  it.each([
    ['none', { picks: [] }],
    ['a fraction', { rating: 1.5 }],
    ['an empty word', { words: [' '] }],
    ['a name that records cannot hold', { words: ['__proto__'] }],
    ['two answers at once', { rating: 1, text: 'a' }],
  ])('%s is not even read', (_, answer) => {
    const room = stage()
    const poll = opened(room)
    expect(vote(room, ada, poll, answer)).toMatchObject({ refused: 'denied' })
  })

  it('nobody votes in a draft, or in what is archived', () => {
    const room = stage()
    const poll = drafted(room)
    expect(pick(room, ada, poll, 0)).toMatchObject({ refused: 'gone' })
    room.ask(olga, 'open', { poll })
    close(room, poll)
    room.ask(olga, 'archive', { poll })
    expect(pick(room, ada, poll, 0)).toMatchObject({ refused: 'gone' })
  })
})

describe('kinds of polls', () => {
  it('several options at once, each counted', () => {
    const room = stage()
    const poll = opened(room, { form: { ...LUNCH.form, max: 2 } })
    pick(room, ada, poll, 2, 0, 0)
    pick(room, ben, poll, 0)
    expect(results(room, poll)).toEqual({ votes: 2, counts: [2, 0, 1] })
  })

  it('a rating is counted by step', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'rating', steps: 3, low: 'Poor', high: 'Great' } })
    vote(room, ada, poll, { rating: 3 })
    vote(room, ben, poll, { rating: 1 })
    vote(room, cleo, poll, { rating: 3 })
    expect(results(room, poll)).toEqual({ votes: 3, counts: [1, 0, 2] })
  })

  it('words are counted however they are written, the most frequent first', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'words', max: 2 } })
    vote(room, ada, poll, { words: ['Calm', 'open  minded'] })
    vote(room, ben, poll, { words: ['calm', 'CALM'] })
    vote(room, cleo, poll, { words: ['constructor'] })
    close(room, poll)
    expect(results(room, poll)).toEqual({
      votes: 3,
      words: [
        ['calm', 2],
        ['constructor', 1],
        ['open minded', 1],
      ],
    })
  })

  it('texts stand in the order of coming, a changed one as the newest', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'text' } })
    vote(room, ada, poll, { text: 'First' })
    vote(room, ben, poll, { text: 'Second' })
    vote(room, ada, poll, { text: 'Third' })
    close(room, poll)
    expect(results(room, poll)?.texts).toEqual([{ text: 'Second' }, { text: 'Third' }])
  })

  it('what staff hide is in nobody’s results, and comes back when they say so', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'words' } })
    vote(room, ada, poll, { words: ['Rude', 'nice'] })
    expect(room.ask(mona, 'hide', { poll, text: 'Rude', on: true })).toMatchObject(OK)
    for (const audience of ['everyone', 'staff'] as const)
      expect(results(room, poll, audience)?.words).toEqual([['nice', 1]])
    expect(seen(room, poll, 'staff')?.hidden).toEqual(['rude'])
    expect(seen(room, poll)).not.toHaveProperty('hidden')
    expect(room.ask(mona, 'hide', { poll, text: 'rude', on: true })).toMatchObject(NOTHING)
    expect(room.ask(mona, 'hide', { poll, text: 'never', on: true })).toMatchObject({ refused: 'gone' })
    room.ask(mona, 'hide', { poll, text: 'rude', on: false })
    expect(results(room, poll)?.words).toHaveLength(2)
  })
})

describe('quizzes', () => {
  it('keep what is right to staff until it is revealed', () => {
    const room = stage()
    const poll = opened(room, QUIZ)
    expect(seen(room, poll, 'staff')?.right).toEqual([1])
    expect(JSON.stringify(room.view())).not.toContain('right')
    expect(room.ask(olga, 'reveal', { poll })).toMatchObject({ refused: 'still_open' })
    close(room, poll)
    reveal(room, poll)
    expect(seen(room, poll)?.right).toEqual([1])
    expect(room.ask(olga, 'reopen', { poll })).toMatchObject({ refused: 'answers_known' })
  })

  it('give points for what is right, more when it came soon, and put them on the board', () => {
    const room = stage()
    const poll = opened(room, QUIZ)
    pick(room, ada, poll, 1)
    room.now += 10_000
    pick(room, ben, poll, 1)
    pick(room, cleo, poll, 0)
    expect(room.view().board).toEqual([])
    close(room, poll)
    reveal(room, poll)
    expect(room.view().board).toEqual([
      { user: 'ada', name: 'Ada', points: 1_000 },
      { user: 'ben', name: 'Ben', points: 750 },
    ])
    expect(room.mine(ben)).toMatchObject({ votes: { [poll]: { points: 750 } }, points: 750 })
    expect(room.mine(cleo)).toMatchObject({ votes: { [poll]: { points: 0 } }, points: 0 })
    room.ask(olga, 'clearBoard', {})
    expect(room.view().board).toEqual([])
    expect(room.mine(ben).points).toBe(0)
  })

  it('several right answers count together or not at all', () => {
    const room = stage()
    const form = { type: 'choice', options: ['a', 'b', 'c'], max: 3, quiz: { right: [2, 0], points: 10 } }
    const poll = opened(room, { form, privacy: 'named' })
    pick(room, ada, poll, 0, 2)
    pick(room, ben, poll, 0)
    pick(room, cleo, poll, 0, 1, 2)
    close(room, poll)
    reveal(room, poll)
    expect(room.view().board).toEqual([{ user: 'ada', name: 'Ada', points: 10 }])
  })

  it('without names give points to each alone, and none on the board', () => {
    const room = stage()
    const poll = opened(room, { ...QUIZ, privacy: 'hidden' })
    pick(room, ada, poll, 1)
    close(room, poll)
    reveal(room, poll)
    expect(room.view().board).toEqual([])
    expect(room.mine(ada)).toMatchObject({ votes: { [poll]: { points: 1_000 } }, points: 0 })
  })

  it.each([
    ['a right answer that is no option', { right: [2] }],
    ['more right answers than may be picked', { right: [0, 1] }],
    ['no right answer', { right: [] }],
  ])('%s is not even read', (_, quiz) => {
    const form = { type: 'choice', options: ['a', 'b'], quiz }
    expect(stage().ask(olga, 'draft', { title: 'Q', form })).toMatchObject({ refused: 'denied' })
  })
})

describe('[R6] privacy', () => {
  it('named: everyone sees who picked what', () => {
    const room = stage()
    const poll = opened(room, { privacy: 'named' })
    pick(room, ada, poll, 0)
    close(room, poll)
    expect(results(room, poll)?.names).toEqual([['Ada'], [], []])
  })

  it('hidden from the audience: staff see who picked what, all others see numbers', () => {
    const room = stage()
    const poll = opened(room, { privacy: 'hidden' })
    pick(room, ada, poll, 0)
    close(room, poll)
    expect(results(room, poll)).toEqual({ votes: 1, counts: [1, 0, 0] })
    expect(results(room, poll, 'staff')?.names).toEqual([['Ada'], [], []])
  })

  it('results that wait to be revealed reach staff alone, live as well', () => {
    const room = stage()
    const poll = opened(room, { show: 'revealed' })
    pick(room, ada, poll, 0)
    expect(results(room, poll)).toEqual({ votes: 1 })
    expect(results(room, poll, 'staff')).toEqual({ votes: 1, counts: [1, 0, 0] })
  })
})

describe('[R6] secret polls', () => {
  const secret = (room: Room, spec: object = {}) => opened(room, { privacy: 'secret', ...spec })

  it('show nobody more than how many have voted, until they are closed; then the results as in any other poll', () => {
    const room = stage()
    const poll = secret(room)
    pick(room, ada, poll, 0)
    pick(room, ben, poll, 1)
    for (const audience of ['everyone', 'staff'] as const) expect(results(room, poll, audience)).toEqual({ votes: 2 })
    close(room, poll)
    for (const audience of ['everyone', 'staff'] as const)
      expect(results(room, poll, audience)).toEqual({ votes: 2, counts: [1, 1, 0] })
  })

  it('know each voter while they are open, and nobody afterwards', () => {
    const room = stage()
    const poll = secret(room)
    pick(room, ada, poll, 0)
    expect(room.mine(ada).votes[poll]?.answer).toEqual({ picks: [0] })
    expect(pick(room, ada, poll, 2)).toMatchObject(OK)
    close(room, poll)
    expect(room.mine(ada)).toEqual({ votes: {}, points: 0 })
    expect(stateOf(room).polls[poll]?.ballots).toEqual({})
    expect(results(room, poll)).toEqual({ votes: 1, counts: [0, 0, 1] })
  })

  it('have ballots with neither author nor time', () => {
    const room = stage()
    const poll = secret(room)
    const since = room.now
    room.now += 60_000
    const { logged } = pick(room, ada, poll, 0)
    expect(logged).toMatchObject([{ visibility: 'nobody', entry: { by: null, at: since, body: { afterMs: 0 } } }])
    expect(JSON.stringify(logged)).not.toContain(ada.id)
  })

  it('are held on their own, so that no vote beside tells who was there', () => {
    const room = stage()
    const other = opened(room)
    const poll = drafted(room, { privacy: 'secret' })
    expect(room.ask(olga, 'open', { poll })).toMatchObject({ refused: 'secret_alone' })
    close(room, other)
    expect(room.ask(olga, 'open', { poll })).toMatchObject(OK)
    expect(room.ask(olga, 'reopen', { poll: other })).toMatchObject({ refused: 'secret_alone' })
    expect(room.ask(olga, 'open', { poll: drafted(room) })).toMatchObject({ refused: 'secret_alone' })
    close(room, poll)
    expect(room.ask(olga, 'reopen', { poll })).toMatchObject({ refused: 'sealed' })
  })

  it('give texts in alphabetical order, and none before the end', () => {
    const room = stage()
    const poll = secret(room, { form: { type: 'text' }, seconds: 60 })
    vote(room, ada, poll, { text: 'Zebra' })
    vote(room, ben, poll, { text: 'Ant' })
    expect(room.ask(olga, 'hide', { poll, text: 'Ant', on: true })).toMatchObject({ refused: 'still_open' })
    room.now += 60_000
    room.ask(olga, 'close', { poll })
    expect(results(room, poll, 'staff')?.texts).toEqual([{ text: 'Ant' }, { text: 'Zebra' }])
    expect(room.ask(olga, 'hide', { poll, text: 'Ant', on: true })).toMatchObject(OK)
    expect(results(room, poll)?.texts).toEqual([{ text: 'Zebra' }])
  })
})

describe('[R7] bounds', () => {
  it('polls, and how many are open at once', () => {
    const room = stage()
    const first = drafted(room)
    for (let at = 1; at < POLLS_LIMITS.polls; at += 1) drafted(room)
    expect(room.ask(olga, 'draft', LUNCH)).toMatchObject({ refused: 'polls_full' })
    const ids = room.view('staff').polls.map(({ id }) => id)
    for (const poll of ids.slice(1, POLLS_LIMITS.open + 1)) room.ask(olga, 'open', { poll })
    expect(room.ask(olga, 'open', { poll: first })).toMatchObject({ refused: 'open_full' })
  })

  it('texts', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'text' } })
    const stored = stateOf(room).polls[poll]
    if (stored === undefined) throw new Error('The poll is there.')
    stored.texts = Array.from({ length: POLLS_LIMITS.texts }, () => ({ who: ben.id, text: 'x' }))
    expect(vote(room, ada, poll, { text: 'One more' })).toMatchObject({ refused: 'texts_full' })
  })

  it('different words; one that is there already still counts', () => {
    const room = stage()
    const poll = opened(room, { form: { type: 'words' } })
    const stored = stateOf(room).polls[poll]
    if (stored === undefined) throw new Error('The poll is there.')
    for (let at = 0; at < POLLS_LIMITS.words; at += 1) stored.words[`w${at}`] = 1
    expect(vote(room, ada, poll, { words: ['other'] })).toMatchObject({ refused: 'words_full' })
    expect(vote(room, ada, poll, { words: ['W1'] })).toMatchObject(OK)
  })

  it('votes, over all polls', () => {
    const room = stage()
    const poll = opened(room)
    stateOf(room).voteCount = POLLS_LIMITS.votes
    expect(pick(room, ada, poll, 0)).toMatchObject({ refused: 'votes_full' })
  })
})
