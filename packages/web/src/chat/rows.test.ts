import { describe, expect, test } from 'vitest'
import { buildRows } from './rows.ts'
import type { Message } from '@plenary/kinds'
import type { Row } from './rows.ts'

const NOON = new Date(2026, 4, 4, 12).getTime()
const MINUTE = 60_000

function message(seq: number, by: string, at: number, more: Partial<Message> = {}): Message {
  const id = by as Message['by']['id']
  return {
    seq,
    at,
    by: { id, name: by, role: 'attendee' },
    text: `#${seq}`,
    mentions: [],
    reactions: {},
    ...more,
  }
}
const shape = (rows: Row[]) =>
  rows.map((row) => (row.kind === 'day' ? 'day' : `${row.key}${row.first ? ' first' : ''}`))

describe('buildRows', () => {
  test('puts a separator before each day and starts a run there', () => {
    const messages = [message(2, 'ann', NOON), message(3, 'ann', NOON + 24 * 60 * MINUTE)]
    expect(shape(buildRows(messages, [], [], 'me'))).toEqual(['day', 'm:2 first', 'day', 'm:3 first'])
  })

  test('joins one author’s messages into a run until someone else speaks, or time passes', () => {
    const messages = [
      message(2, 'ann', NOON),
      message(3, 'ann', NOON + MINUTE),
      message(4, 'bob', NOON + 2 * MINUTE),
      message(5, 'ann', NOON + 3 * MINUTE),
      message(6, 'ann', NOON + 9 * MINUTE),
    ]
    expect(shape(buildRows(messages, [], [], 'me'))).toEqual([
      'day',
      'm:2 first',
      'm:3',
      'm:4 first',
      'm:5 first',
      'm:6 first',
    ])
  })

  test('breaks a run at an answer and after a removed message, without a second separator', () => {
    const messages = [
      message(2, 'ann', NOON, { removed: 'staff', text: '' }),
      message(3, 'ann', NOON),
      message(4, 'ann', NOON, { replyTo: { seq: 3, name: 'ann', excerpt: '' } }),
    ]
    expect(shape(buildRows(messages, [], [], 'me'))).toEqual(['day', 'm:2 first', 'm:3 first', 'm:4 first'])
  })

  test('[R12] shows what waits for approval and what is not saved yet, after everything that is', () => {
    const held = { ...message(3, 'me', NOON), mentions: [] }
    const rows = buildRows(
      [message(2, 'ann', NOON)],
      [held],
      [{ id: 'x', at: NOON, state: 'kept', text: 'hi', mentions: [] }],
      'me',
    )
    expect(shape(rows)).toEqual(['day', 'm:2 first', 'h:3 first', 'p:x'])
  })
})
