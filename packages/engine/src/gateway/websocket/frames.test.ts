import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameText, textBytesMax, writeText } from './frames.ts'

test('text that is written beside other text is framed as it is by itself, and takes no more room than was said', () => {
  const text = fc
    .tuple(fc.constantFrom('a', 'é', '\u2028', '😀', '\ud800'), fc.integer({ min: 0, max: 300 }), fc.string())
    .map(([letter, times, more]) => letter.repeat(times) + more)
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      const into = Buffer.alloc(texts.reduce((sum, each) => sum + textBytesMax(each), 0))
      let end = 0
      for (const each of texts) end = writeText(into, end, each)
      expect(into.subarray(0, end)).toEqual(Buffer.concat(texts.map(frameText)))
    }),
  )
})
