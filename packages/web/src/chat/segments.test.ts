import { describe, expect, test } from 'vitest'
import { segmentsOf } from './segments.ts'

const links = (text: string) => segmentsOf(text, []).filter((segment) => segment.kind === 'link')
const joined = (text: string) =>
  segmentsOf(text, [])
    .map((segment) => segment.text)
    .join('')

describe('segmentsOf', () => {
  test('finds http and https addresses and leaves the sentence its punctuation', () => {
    expect(links('See https://example.org/a, and (http://example.org/b_(c)).').map(({ text }) => text)).toEqual([
      'https://example.org/a',
      'http://example.org/b_(c)',
    ])
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.org',
    'https://',
    '<a href=x>',
    '//example.org',
  ])('never makes a link of %s', (text) => expect(links(text)).toEqual([]))

  test('keeps every character of what was written', () => {
    for (const text of ['<b>x</b> & "y"', 'a https://example.org/?q=<x> b', '@nobody', '', '\n\n', '👋🏽 hi'])
      expect(joined(text)).toBe(text)
  })

  test('marks those whom the message mentions, the longer name first, and nobody else', () => {
    const names = [
      { name: 'Ann', mine: false },
      { name: 'Ann Lee', mine: true },
    ]
    expect(segmentsOf('@Ann Lee and @Ann and @Bob', names)).toEqual([
      { kind: 'mention', at: 0, text: '@Ann Lee', mine: true },
      { kind: 'text', at: 8, text: ' and ' },
      { kind: 'mention', at: 13, text: '@Ann', mine: false },
      { kind: 'text', at: 17, text: ' and @Bob' },
    ])
  })
})
