import { describe, expect, test } from 'vitest'
import { actionsFor } from './actions.ts'
import type { ChatView, Me, Message } from './chat-room.ts'

const NOW = 1_000_000
const author = { id: 'ann' as Me['id'], name: 'Ann', role: 'attendee' as const }
const message: Message = { seq: 5, at: 1, by: author, text: 'hi', mentions: [], reactions: {} }
const viewOf = (more: Partial<ChatView> = {}): ChatView => ({
  messages: [message],
  pins: [],
  slowMs: 0,
  hold: false,
  ...more,
})
const staffView = (more: Partial<NonNullable<ChatView['staff']>> = {}) =>
  viewOf({ staff: { held: [], muted: [], banned: [], ...more } })
const me = (id: string, role: Me['role']): Me => ({ id: id as Me['id'], name: id, role })
const ids = (...args: Parameters<typeof actionsFor>) => actionsFor(...args).map(({ id }) => id)

describe('actionsFor', () => {
  test('an attendee may answer and copy what others wrote', () => {
    expect(ids(message, viewOf(), me('bob', 'attendee'), NOW)).toEqual(['reply', 'copy'])
  })
  test('an author may edit and delete', () => {
    expect(ids(message, viewOf(), me('ann', 'attendee'), NOW)).toEqual(['reply', 'copy', 'edit', 'delete'])
  })
  test('staff may pin, delete, mute and ban, but not edit', () => {
    expect(ids(message, staffView(), me('mod', 'moderator'), NOW)).toEqual([
      ...['reply', 'copy', 'pin', 'delete'],
      ...['mute-5m', 'mute-1h', 'mute', 'ban'],
    ])
  })
  test('staff are offered to undo what is done, a mute in the past being none', () => {
    const banned = [{ user: author.id, name: 'Ann' }]
    const muted = [{ user: author.id, name: 'Ann', until: NOW + 1 }]
    const view = { ...staffView({ muted, banned }), pins: [message] }
    expect(ids(message, view, me('mod', 'moderator'), NOW)).toEqual([
      'reply',
      'copy',
      'unpin',
      'delete',
      'unmute',
      'unban',
    ])
    expect(ids(message, view, me('mod', 'moderator'), NOW + 1)).toContain('mute')
  })
  test('staff are offered nothing against each other', () => {
    const host = { ...message, by: { ...author, role: 'producer' as const } }
    expect(ids(host, staffView(), me('mod', 'moderator'), NOW)).not.toContain('ban')
  })
  test('only what staff removed can be restored, and only by staff', () => {
    const removed: Message = { ...message, text: '', removed: 'staff' }
    expect(ids(removed, staffView(), me('mod', 'moderator'), NOW)[0]).toBe('restore')
    expect(ids(removed, viewOf(), me('ann', 'attendee'), NOW)).toEqual([])
    expect(ids({ ...removed, removed: 'author' }, staffView(), me('mod', 'moderator'), NOW)).not.toContain('restore')
  })
  test('a message that the room no longer holds can be read and copied', () => {
    expect(ids(message, viewOf({ messages: [] }), me('ann', 'attendee'), NOW)).toEqual(['copy'])
  })
})
