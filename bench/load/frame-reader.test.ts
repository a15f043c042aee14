import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader } from './frame-reader.ts'
import { clientFrame, serverFrame } from './frames.ts'

const LOOKED_AT = 256

/** What a reader tells of these bytes, however they are cut. */
function told(bytes: Buffer, cuts: readonly number[]): string[] {
  const texts: string[] = []
  const reader = new FrameReader({
    text: (chunk, from, to) => texts.push(chunk.toString('latin1', from, to)),
    closing: () => texts.push('closing'),
  })
  let at = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    // At an offset of a larger buffer, as sockets read.
    const chunk = Buffer.concat([Buffer.alloc(7, 0xff), bytes.subarray(at, cut)])
    if (cut > at) reader.read(chunk, 7, chunk.length)
    at = Math.max(at, cut)
  }
  return texts
}

test('the beginning of every message is told once and in order, however the bytes are cut', () => {
  const message = fc.integer({ min: 0, max: 70_000 }).map((length) => `${length}:`.padEnd(length, 'x').slice(0, length))
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, places) => {
      const bytes = Buffer.concat(messages.map(serverFrame))
      const texts = told(bytes, bytes.length === 0 ? [] : places.map((place) => place % bytes.length))
      expect(texts.length).toBe(messages.length)
      for (const [index, text] of texts.entries()) {
        const whole = messages[index] ?? ''
        expect(whole.startsWith(text)).toBe(true)
        expect(text.length).toBeGreaterThanOrEqual(Math.min(LOOKED_AT, whole.length))
      }
    }),
    { numRuns: 60 },
  )
})

test('a close is told', () => {
  expect(told(Buffer.concat([serverFrame('a'), Buffer.from([0x88, 0])]), [])).toEqual(['a', 'closing'])
})

test.each([0, 125, 126, 65_535, 65_536])(
  'a message of %i bytes is framed as a client does, under a mask of zeros',
  (length) => {
    const text = 'y'.repeat(length)
    const frame = clientFrame(text)
    const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
    expect(frame[0]).toBe(0x81)
    expect((frame[1] ?? 0) & 0x80).toBe(0x80)
    expect([...frame.subarray(head, head + 4)]).toEqual([0, 0, 0, 0])
    expect(frame.toString('latin1', head + 4)).toBe(text)
  },
)
