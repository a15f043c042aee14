import { describe, expect, test } from 'vitest'
import { complete, mentionAt, mentionsIn, offered } from './mention.ts'

const people = [
  { id: '1', name: 'Ann Lee' },
  { id: '2', name: 'Bob Ash' },
  { id: '3', name: 'Anders' },
]

describe('mentions', () => {
  test.each([
    ['hi @an', 6, { at: 3, typed: 'an' }],
    ['@', 1, { at: 0, typed: '' }],
    ['@Ann L', 6, { at: 0, typed: 'Ann L' }],
    ['mail@an', 7, null],
    ['hi @an', 2, null],
    ['@ann\nx', 6, null],
  ])('%j at %i is %j', (text, caret, wanted) => expect(mentionAt(text, caret)).toEqual(wanted))

  test('offers by the beginning of the name or of a word of it, whatever the case', () => {
    expect(offered(people, 'AN').map(({ id }) => id)).toEqual(['1', '3'])
    expect(offered(people, 'as').map(({ id }) => id)).toEqual(['2'])
    expect(offered(people, '')).toHaveLength(3)
    expect(offered(people, 'zz')).toEqual([])
  })

  test('completes the name in place and puts the caret behind it', () => {
    expect(complete('hi @an there', { at: 3, typed: 'an' }, 'Ann Lee')).toEqual({
      text: 'hi @Ann Lee there',
      caret: 12,
    })
  })

  test('counts those alone whose name still stands in the text', () => {
    const picked = new Map([
      ['1', 'Ann Lee'],
      ['2', 'Bob Ash'],
    ])
    expect(mentionsIn('@Ann Lee yes', picked)).toEqual(['1'])
  })
})
