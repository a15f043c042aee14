import { chat, polls, stage, type AnyKind, type Entry, type UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { Replay } from './replay.ts'

const ME = 'me' as UserId
const entry = (seq: number, at: number, type: string, body: unknown): Entry => ({
  seq,
  at,
  by: { id: 'ada' as UserId, name: 'Ada', role: 'attendee' },
  type,
  body,
  id: `${seq}` as Entry['id'],
})

test('a chat at any moment is that of folding what had happened by then, however far in', () => {
  const entries = Array.from({ length: 700 }, (_, at) => entry(at + 2, at * 10, 'post', { text: `message ${at}` }))
  const replay = new Replay(chat, entries, ME)
  const texts = (at: number) => replay.viewAt(at).messages.map(({ text }) => text)
  expect(texts(-1)).toEqual([])
  expect(texts(0)).toEqual(['message 0'])
  expect(texts(6_990).at(-1)).toBe('message 699')
  expect(texts(6_990)).toHaveLength(100)
  // And back again.
  expect(texts(15).at(-1)).toBe('message 1')
  expect([replay.first, replay.last]).toEqual([0, 6_990])
})

test('what staff alone saw is not in it', () => {
  const held = [entry(2, 10, 'post', { text: 'waits', held: true }), entry(3, 20, 'hold', { on: true })]
  const view = new Replay(chat, held, ME).viewAt(30)
  expect(view.messages).toEqual([])
  expect(view.hold).toBe(true)
  const acts = [entry(2, 10, 'announce', { text: 'secret' }), entry(3, 10, 'now', { announcement: 'told' })]
  expect(new Replay(stage, acts, ME).viewAt(10).announcement).toBe('told')
  const drafts = [entry(2, 5, 'draft', { poll: { title: 'Later' } })]
  expect(new Replay(polls, drafts, ME).viewAt(9).polls).toEqual([])
})

test('an empty log has no first moment', () => {
  const replay = new Replay<AnyKind>(chat, [], ME)
  expect([replay.first, replay.last]).toEqual([null, null])
})
