import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imageFacts } from './image.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const PNG = bytes('89504e470d0a1a0a 0000000d 49484452 00000140 000000f0 0806000000')
const GIF = bytes('474946383961 4001 f000 f70000')
const JPEG = bytes('ffd8 ffe0 0010 4a46494600010101004800480000 ffc0 0011 08 00f0 0140 03012200021101031101')
const WEBP_LOSSY = bytes('52494646 00000000 57454250 56503820 00000000 000000 9d012a 4001 f000')
const WEBP_LOSSLESS = bytes('52494646 00000000 57454250 5650384c 00000000 2f 3fc13b00')
const WEBP_EXTENDED = bytes('52494646 00000000 57454250 56503858 0a000000 00000000 3f0100 ef0000')

test.each([
  ['image/png', PNG],
  ['image/gif', GIF],
  ['image/jpeg', JPEG],
  ['image/webp', WEBP_LOSSY],
  ['image/webp', WEBP_LOSSLESS],
  ['image/webp', WEBP_EXTENDED],
])('%s is known by its bytes, with its size', (type, image) => {
  expect(imageFacts(image)).toEqual({ type, width: 320, height: 240 })
})

test.each([
  ['nothing', ''],
  ['SVG', '3c73766720786d6c6e733d22687474703a2f2f7777772e77332e6f7267223e'],
  ['HTML', '3c68746d6c3e3c7363726970743e'],
  ['a JPEG that ends at once', 'ffd8ffd9'],
  ['a PNG without its size', '89504e470d0a1a0a0000000d'],
])('%s is none', (_, hex) => {
  expect(imageFacts(bytes(hex))).toBeNull()
})

test('whatever it is given, it says what it is or that it is nothing', () => {
  const cut = fc
    .constantFrom(PNG, GIF, JPEG, WEBP_LOSSY)
    .chain((image) =>
      fc.tuple(fc.constant(image), fc.nat({ max: image.length })).map(([all, length]) => all.slice(0, length)),
    )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), cut), (image) => {
      const facts = imageFacts(image)
      expect(facts === null || facts.width >= 0).toBe(true)
    }),
  )
})
