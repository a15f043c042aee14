import type { JoinAnswer, JoinRequest, RoomId, Welcome } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { EarlyJoins } from './early-joins.ts'

const room = 'room' as RoomId
const at = (seq: number, log = 'log'): JoinRequest => ({ room, cursor: { log, seq } })
const welcome = (takes?: Welcome['takes']) => ({ takes }) as Welcome
const answer = { ok: true } as JoinAnswer
const refused = { ok: false } as JoinAnswer

/** A wire whose rooms were asked for with the handshake; what went over it in the ordinary way, and what came of joins. */
function wire(asked: readonly JoinRequest[], takes: Welcome['takes'] = ['join']) {
  const sent: JoinRequest[] = []
  const got: string[] = []
  const answers: ((answer: JoinAnswer) => void)[] = []
  const early = new EarlyJoins((request, done) => {
    sent.push(request)
    answers.push(done)
  })
  const handshake = early.ask(asked)
  early.welcomed(welcome(takes))
  const join = (name: string, request: JoinRequest) => early.join(request, ({ ok }) => got.push(`${name} ${ok}`))
  return { early, handshake, sent, got, answers, join }
}

test('[R5] a room that was asked for with the handshake is not asked for again, and gets its answer', () => {
  for (const [asked, now] of [
    [{ room }, { room }],
    [at(3), at(3)],
    // What came over an earlier wire meanwhile, the answer has as well.
    [at(3), at(5)],
  ] as const) {
    const { early, handshake, sent, got, join } = wire([asked])
    expect(handshake).toEqual({ join: [asked] })
    join('first', now)
    expect([sent, got]).toEqual([[], []])
    expect(early.joined({ room, answer })).toBe(true)
    expect(got).toEqual(['first true'])
    join('again', now)
    expect(sent).toEqual([now])
  }
})

test('[R5] an answer that does not lead on from where the room stands now is passed over, and the room asks once it has come', () => {
  for (const [asked, now] of [
    [at(3), { room }],
    [{ room }, at(3)],
    [at(3), at(3, 'other')],
    [at(5), at(3)],
  ] as const) {
    const { early, sent, got, answers, join } = wire([asked])
    join('first', now)
    // Two at a time would be refused.
    expect(sent).toEqual([])
    expect(early.joined({ room, answer })).toBe(true)
    expect([sent, got]).toEqual([[now], []])
    answers[0]?.(answer)
    expect(got).toEqual(['first true'])
  }
})

test('[R9] a server that does not take it is asked in the ordinary way', () => {
  for (const takes of [[], ['seen']] as const) {
    const { sent, join } = wire([at(3)], takes)
    join('first', at(3))
    expect(sent).toEqual([at(3)])
  }
})

test('a room that nobody joined after all is to be left, unless the server has not let it in', () => {
  const { early } = wire([{ room }, { room: 'other' }])
  expect(early.joined({ room, answer })).toBe(false)
  expect(early.joined({ room: 'other' as RoomId, answer: refused })).toBe(true)
})

test('a room that is left meanwhile hears nothing of it, and may be joined anew', () => {
  const { early, sent, got, answers, join } = wire([{ room }])
  join('first', { room })
  early.left(room)
  join('second', { room })
  expect(sent).toEqual([{ room }])
  expect(early.joined({ room, answer: refused })).toBe(true)
  expect(got).toEqual([])
  answers[0]?.(answer)
  expect(got).toEqual(['second true'])
})

test('no more is asked for than a server takes, and nothing where there is nothing to ask', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ room: `room-${index}` }))
  const { early, handshake, sent, join } = wire(many)
  expect(handshake.join).toHaveLength(32)
  join('last', { room: 'room-39' })
  expect(sent).toEqual([{ room: 'room-39' }])
  expect(early.ask([])).toEqual({})
  expect(early.ask()).toEqual({})
})
