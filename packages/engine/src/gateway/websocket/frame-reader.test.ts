import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, MESSAGE_MAX_BYTES } from './frame-reader.ts'
import type { FrameListener } from './frame-reader.ts'
import { OPCODE } from './frames.ts'

type Heard = readonly [what: string, payload?: string | number | null]

class Ear implements FrameListener {
  listening = true
  readonly heard: Heard[] = []
  readonly text = (text: string) => void this.heard.push(['text', text])
  readonly binary = () => void this.heard.push(['binary'])
  readonly ping = (payload: Buffer) => void this.heard.push(['ping', payload.toString('latin1')])
  readonly closing = (code: number | null) => this.#end(['closing', code])
  readonly violated = (code: number) => this.#end(['violated', code])

  #end(heard: Heard): void {
    this.heard.push(heard)
    this.listening = false
  }
}

function frame(opcode: number, payload: Buffer, fin: boolean, mask: number): Buffer {
  const extra = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + extra + 4)
  head[0] = (fin ? 0x80 : 0) | opcode
  head[1] = 0x80 | (extra === 0 ? payload.length : extra === 2 ? 126 : 127)
  if (extra === 2) head.writeUInt16BE(payload.length, 2)
  if (extra === 8) head.writeBigUInt64BE(BigInt(payload.length), 2)
  head.writeUInt32BE(mask, 2 + extra)
  return Buffer.concat([head, payload.map((byte, at) => byte ^ (head[2 + extra + (at & 3)] ?? 0))])
}

/** A message in pieces, with pings between them. */
const message = fc.record({
  text: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.nat(400).map((length) => 'é'.repeat(length)),
  ),
  cuts: fc.array(fc.nat(800), { maxLength: 4 }),
  pings: fc.array(fc.string({ maxLength: 20 }), { maxLength: 2 }),
  mask: fc.nat(),
})

test('whatever way messages are cut, by the sender into frames and on the way into chunks, they are read as they were said', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 900 })), (messages, sizes) => {
      const frames: Buffer[] = []
      const expected: Heard[] = []
      for (const { text, cuts, pings, mask } of messages) {
        const said = text.toWellFormed()
        const bytes = Buffer.from(said)
        const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
        const parts = [0, ...places].map((from, at) => bytes.subarray(from, places[at] ?? bytes.length))
        for (const [at, part] of parts.entries()) {
          frames.push(frame(at === 0 ? OPCODE.text : OPCODE.continuation, part, at === parts.length - 1, mask))
          if (at === parts.length - 1) expected.push(['text', said])
          for (const ping of pings) {
            frames.push(frame(OPCODE.ping, Buffer.from(ping, 'latin1'), true, mask))
            expected.push(['ping', Buffer.from(ping, 'latin1').toString('latin1')])
          }
        }
      }
      const ear = new Ear()
      const reader = new FrameReader(ear)
      const all = Buffer.concat(frames)
      for (let at = 0, turn = 0; at < all.length; turn++) {
        const size = sizes[turn % Math.max(sizes.length, 1)] ?? all.length
        // The memory is used for something else afterwards.
        const chunk = Buffer.from(all.subarray(at, at + size))
        reader.read(chunk)
        chunk.fill(0xff)
        at += size
      }
      expect(ear.heard).toEqual(expected)
    }),
  )
})

test('[R7] nothing is told after the end, also of what came with it', () => {
  const ear = new Ear()
  const close = frame(OPCODE.close, Buffer.from([0x03, 0xe8]), true, 7)
  const more = frame(OPCODE.text, Buffer.from('more'), true, 7)
  new FrameReader(ear).read(Buffer.concat([more, close, more]))
  expect(ear.heard).toEqual([
    ['text', 'more'],
    ['closing', 1000],
  ])
})

test('[R7] one who sends the largest message byte by byte is read at a cost that its size explains', () => {
  const ear = new Ear()
  const reader = new FrameReader(ear)
  const text = 'x'.repeat(MESSAGE_MAX_BYTES)
  const bytes = frame(OPCODE.text, Buffer.from(text), true, 99)
  for (let at = 0; at < bytes.length; at++) reader.read(bytes.subarray(at, at + 1))
  expect(ear.heard).toEqual([['text', text]])
})
