import fc from 'fast-check'
import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { Seals } from './seals.ts'

const key = randomBytes(32)
const seals = new Seals(key)
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((some) => some.replaceAll('~', ''))

test('a seal is the HMAC-SHA-256 of form and token, as the library makes it, whatever was sealed before', () => {
  fc.assert(
    fc.property(text, text, fc.constantFrom(1, 7, 100, 500), (form, some, times) => {
      const token = some.repeat(times)
      const hmac = createHmac('sha256', key).update(`${form} ${token}`).digest('base64url')
      expect(seals.seal(form, token)).toBe(`${token}~${hmac}`)
      expect(seals.open(form, `${token}~${hmac}`)).toBe(token)
    }),
  )
})

test('a seal fits its own token, form and key alone, and letter by letter', () => {
  const sealed = seals.seal('ticket', 'token')
  expect(seals.open('pass', sealed)).toBeNull()
  expect(seals.open('ticket', sealed.replace('token', 'taken'))).toBeNull()
  expect(new Seals(randomBytes(32)).open('ticket', sealed)).toBeNull()
  expect(seals.open('ticket', 'token')).toBeUndefined()
  for (let at = sealed.indexOf('~') + 1; at < sealed.length; at++) {
    // One that has the same last eight bits, and one that has others.
    for (const off of [0x100, 1]) {
      const letter = String.fromCharCode(sealed.charCodeAt(at) + off)
      expect(seals.open('ticket', sealed.slice(0, at) + letter + sealed.slice(at + 1))).toBeNull()
    }
  }
  expect(() => new Seals(randomBytes(65))).toThrow(RangeError)
})
