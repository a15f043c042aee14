import { describe, expect, it, test } from 'vitest'
import { keyName, keyText, LINE_KEYS, pressed, ROOM_KEYS, type Press } from './keys.ts'

const press = (key: string, with_: Partial<Press> = {}): Press => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...with_,
})

test('no key means two things: what a line takes is never also the whole room’s', () => {
  const all = [...Object.values(ROOM_KEYS), ...Object.values(LINE_KEYS)].map(keyName)
  expect(new Set(all).size).toBe(all.length)
  for (const digit of '1234567') expect(all).not.toContain(digit)
})

describe('pressed', () => {
  it('takes a letter whatever Caps Lock makes of it, and leaves the browser its own', () => {
    expect(pressed(press('n'), ROOM_KEYS.next)).toBe(true)
    expect(pressed(press('N'), ROOM_KEYS.next)).toBe(true)
    expect(pressed(press('n', { ctrlKey: true }), ROOM_KEYS.next)).toBe(false)
    expect(pressed(press('n', { metaKey: true }), ROOM_KEYS.next)).toBe(false)
    expect(pressed(press('N', { shiftKey: true }), ROOM_KEYS.next)).toBe(false)
  })
  it('tells what needs Shift or Alt from what does not', () => {
    expect(pressed(press('S', { shiftKey: true }), ROOM_KEYS.start)).toBe(true)
    expect(pressed(press('s'), ROOM_KEYS.start)).toBe(false)
    expect(pressed(press('ArrowUp', { altKey: true }), LINE_KEYS.up)).toBe(true)
    expect(pressed(press('ArrowUp'), LINE_KEYS.up)).toBe(false)
    expect(pressed(press('?', { shiftKey: true }), ROOM_KEYS.keys)).toBe(true)
  })
})

test('a button shows what to press', () => {
  expect(keyText(ROOM_KEYS.next)).toBe('N')
  expect(keyText(ROOM_KEYS.start)).toBe('⇧S')
  expect(keyText(LINE_KEYS.up)).toBe('Alt↑')
  expect(keyName(LINE_KEYS.up)).toBe('Alt+ArrowUp')
})
