import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  commandIdSchema,
  cursorSchema,
  handshakeSchema,
  joinSchema,
  leaveSchema,
  roomIdSchema,
  sendSchema,
  seqSchema,
  signalSchema,
} from './wire.ts'

const ID = '6a2f41a3-c54c-4f72-8e1d-0a3b5c7d9e1f'
const REQUESTS = [
  ['join', joinSchema, { room: 'r1', cursor: { log: 'l1', seq: 3 } }],
  ['leave', leaveSchema, { room: 'r1' }],
  ['send', sendSchema, { room: 'r1', id: ID, type: 'post', body: { text: 'hi' }, again: true }],
  ['signal', signalSchema, { room: 'r1', type: 'typing', body: { on: true } }],
  ['cursor', cursorSchema, { log: 'l1', seq: 0 }],
] as const

describe('requests', () => {
  it.each(REQUESTS)('%s is taken as it is', (_, schema, request) => {
    expect(schema.parse(request)).toEqual(request)
  })

  it.each(REQUESTS)('%s with a field that nobody knows is refused', (_, schema, request) => {
    expect(schema.safeParse({ ...request, extra: 1 }).success).toBe(false)
  })

  it.each(REQUESTS)('%s takes nothing that is no object, and never throws', (_, schema) => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(schema.safeParse(value).success).toBe(false)
      }),
    )
  })

  it('a send needs a room, an id and a type', () => {
    const send = { room: 'r1', id: ID, type: 'post', body: null }
    for (const field of ['room', 'id', 'type'])
      expect(sendSchema.safeParse({ ...send, [field]: undefined }).success).toBe(false)
    expect(sendSchema.safeParse({ ...send, type: '' }).success).toBe(false)
    expect(sendSchema.safeParse({ ...send, type: 'x'.repeat(65) }).success).toBe(false)
    expect(sendSchema.safeParse({ ...send, again: 'yes' }).success).toBe(false)
  })
})

describe('ids', () => {
  it('[R3] a command id is a UUID, and one id however it is written', () => {
    expect(commandIdSchema.parse(ID.toUpperCase())).toBe(ID)
    for (const id of ['', 'x', ID.slice(1), `${ID}0`, `{${ID}}`])
      expect(commandIdSchema.safeParse(id).success).toBe(false)
  })

  it('are short and made of harmless characters', () => {
    const harmless = /^[\w-]{1,64}$/
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.stringMatching(/^[\w-]{0,70}$/)),
        (value) => {
          expect(roomIdSchema.safeParse(value).success).toBe(harmless.test(value) && value !== '__proto__')
        },
      ),
    )
    for (const id of ['__proto__', 'a\n', '../x', ' a']) expect(roomIdSchema.safeParse(id).success).toBe(false)
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null])('%s is no seq', (seq) => {
    expect(seqSchema.safeParse(seq).success).toBe(false)
  })
})

it('a handshake carries a ticket of bounded length', () => {
  expect(handshakeSchema.safeParse({ ticket: 'x'.repeat(4096) }).success).toBe(true)
  for (const ticket of ['', 'x'.repeat(4097), 1, null, undefined])
    expect(handshakeSchema.safeParse({ ticket }).success).toBe(false)
})
