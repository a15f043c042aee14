import type { chat, ChatView, Message, UserId } from '@plenary/kinds'
import { expect, expectTypeOf, test } from 'vitest'
import type { Room } from './room.ts'
import { chatTimeline, oldestShown } from './timeline.ts'

const message = (seq: number, text: string): Message => ({
  seq,
  at: seq,
  by: { id: 'ann' as UserId, name: 'Ann', role: 'attendee' },
  text,
  mentions: [],
  reactions: {},
})
const view = (...messages: Message[]): ChatView => ({ messages, pins: [], slowMs: 0, hold: false })

test('pages and live view are one list, oldest first, each message once, the live one winning', () => {
  const pages = [view(message(2, 'two'), message(3, 'three')), view(message(5, 'old five'), message(6, 'six'))]
  const live = view(message(5, 'live five'), message(9, 'nine'))
  expect(chatTimeline({ view: live, history: { pages } }).map(({ text }) => text)).toEqual([
    'two',
    'three',
    'live five',
    'six',
    'nine',
  ])
  expect(chatTimeline({ view: null, history: { pages: [] } })).toEqual([])
})

test('the oldest message shown is where older ones begin', () => {
  expect(oldestShown(view(message(4, 'four'), message(7, 'seven')))).toBe(4)
  expect(oldestShown(view())).toBeNull()
  expect(oldestShown({ count: 1 })).toBeNull()
})

/** Never run: it holds if it compiles. */
function typed(room: Room<typeof chat>): void {
  expectTypeOf(room.snapshot.view).toEqualTypeOf<ChatView | null>()
  expectTypeOf(chatTimeline(room.snapshot)).toEqualTypeOf<Message[]>()
  void room.send('post', { text: 'x' })
  // @ts-expect-error -- no such field
  void room.send('post', { txt: 'x' })
  // @ts-expect-error -- no such command
  void room.send('shout', { text: 'x' })
  room.signal('typing', { on: true })
}

test('a room is typed by its kind', () => {
  expect(typed).toBeTypeOf('function')
})
