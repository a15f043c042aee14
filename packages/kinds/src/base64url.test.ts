import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSlowly, encodeSlowly, fromBase64Url, toBase64Url } from './base64url.ts'

test('bytes come back as they went, with and without the platform’s help', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64Url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64url'))
      expect(encodeSlowly(bytes)).toBe(text)
      expect(fromBase64Url(text)).toEqual(bytes)
      expect(decodeSlowly(text)).toEqual(bytes)
    }),
  )
})

test.each(['a', 'ab=', 'a b', 'ä', 'a+b/', 'abcde'])('%j is not base64url', (text) => {
  expect(fromBase64Url(text)).toBeNull()
  expect(decodeSlowly(text)).toBeNull()
})
