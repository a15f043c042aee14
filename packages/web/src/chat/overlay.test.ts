import { describe, expect, test } from 'vitest'
import { chipsOf, overlaysOf } from './overlay.ts'
import type { ChatSnapshot } from './chat-room.ts'

type Pending = ChatSnapshot['pending'][number]
const command = (type: string, body: object, state: Pending['state'] = 'sending') =>
  ({ id: 'x', type, body, at: 0, state }) as unknown as Pending

describe('overlays', () => {
  test('[R12] tell of my edits and reactions before they are saved, the later over the earlier', () => {
    const overlays = overlaysOf([
      command('edit', { target: 2, text: 'one' }),
      command('edit', { target: 2, text: 'two' }, 'kept'),
      command('react', { target: 3, emoji: '👍', on: true }),
      command('react', { target: 3, emoji: '👍', on: false }),
    ])
    expect(overlays.get(2)).toEqual({ text: 'two', reacts: {}, kept: true })
    expect(overlays.get(3)).toEqual({ reacts: { '👍': false }, kept: false })
  })
  test('leave out what was refused, and posts', () => {
    expect(
      overlaysOf([command('edit', { target: 2, text: 'no' }, 'refused'), command('post', { text: 'hi' })]).size,
    ).toBe(0)
  })
})

describe('chipsOf', () => {
  test('corrects the room’s count by what I have asked for', () => {
    expect(chipsOf({ '👍': 2 }, [], { '👍': true })).toEqual([{ emoji: '👍', count: 3, mine: true }])
    expect(chipsOf({ '👍': 2 }, ['👍'], { '👍': false })).toEqual([{ emoji: '👍', count: 1, mine: false }])
    expect(chipsOf({ '👍': 2 }, ['👍'], { '👍': true })).toEqual([{ emoji: '👍', count: 2, mine: true }])
  })
  test('shows a first reaction at once and takes a last one away', () => {
    expect(chipsOf({}, [], { '🎉': true })).toEqual([{ emoji: '🎉', count: 1, mine: true }])
    expect(chipsOf({ '🎉': 1 }, ['🎉'], { '🎉': false })).toEqual([])
    expect(chipsOf({}, [], { '🎉': false })).toEqual([])
  })
})
