import { expect, test } from 'vitest'
import { decodeLetter, encodeLetter, messageOf } from './redis-letter.ts'
import type { Letter } from './redis-letter.ts'

const letter: Letter = { is: 'message', from: 'a', header: { text: 'ü🎉\u0000' } }

test('[R2] a letter comes out as it went in, with every byte of its payload', () => {
  const payload = Uint8Array.from({ length: 256 }, (_, at) => at)
  const opened = decodeLetter(encodeLetter(letter, payload))
  expect(opened.letter).toEqual(letter)
  expect([...(opened.payload ?? [])]).toEqual([...payload])
})

test('no payload and an empty one are told apart', () => {
  expect(decodeLetter(encodeLetter(letter))).not.toHaveProperty('payload')
  expect(decodeLetter(encodeLetter(letter, new Uint8Array())).payload?.length).toBe(0)
})

test('what is cut off or no letter is thrown out', () => {
  const bytes = encodeLetter(letter)
  expect(() => decodeLetter(bytes.subarray(0, -1))).toThrow(RangeError)
  expect(() => decodeLetter(Buffer.alloc(0))).toThrow(RangeError)
  expect(() => decodeLetter(Buffer.from([0, 0, 0, 1, 0x7b]))).toThrow(SyntaxError)
  expect(() => decodeLetter(Buffer.from('\0\0\0\u0004null'))).toThrow(TypeError)
  expect(() => decodeLetter(Buffer.from('\0\0\0\u0002{}'))).toThrow(TypeError)
})

test('[R7] a message holds the memory of its own payload and of nothing else', () => {
  const bytes = encodeLetter(letter, Uint8Array.of(1, 2, 3))
  const read = Buffer.concat([bytes, Buffer.alloc(64 * 1024)])
  const { payload } = decodeLetter(read.subarray(0, bytes.length))
  expect(messageOf(null, payload).payload?.buffer.byteLength).toBe(3)
})
