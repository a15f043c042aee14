import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changeEventBody,
  changePersonBody,
  codeSchema,
  createEventBody,
  entriesQuery,
  joinBody,
  nameSchema,
  passBody,
  ticketBody,
  titleSchema,
} from './api.ts'
import { LIMITS } from './limits.ts'

describe('bodies', () => {
  const bodies = [
    ['create event', createEventBody, { title: 'All hands', name: 'Olga', pass: 'p' }],
    ['join', joinBody, { code: 'ABCD', name: 'Ada', pass: 'p' }],
    ['ticket', ticketBody, { pass: 'p', event: 'e1' }],
    ['change event', changeEventBody, { title: 'New', code: 'ABCD', status: 'ended' }],
    ['change person', changePersonBody, { name: 'Ada', role: 'speaker', banned: false }],
    ['pass', passBody, { pass: 'p' }],
  ] as const

  it.each(bodies)('%s: taken as it is, refused with a field that nobody knows', (_, schema, body) => {
    expect(schema.parse(body)).toEqual(body)
    expect(schema.safeParse({ ...body, admin: true }).success).toBe(false)
  })

  it.each(bodies)('%s: anything else is refused without a throw', (_, schema) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.anything())), (value) => {
        expect(schema.safeParse(value).success).toBe(false)
      }),
    )
  })

  it('a change that changes nothing is refused, and so is an unknown role or status', () => {
    expect(changeEventBody.safeParse({}).success).toBe(false)
    expect(changeEventBody.safeParse({ status: 'paused' }).success).toBe(false)
    expect(changePersonBody.safeParse({ name: 'Ada' }).success).toBe(false)
    expect(changePersonBody.safeParse({ name: 'Ada', role: 'system' }).success).toBe(false)
  })
})

describe('codes', () => {
  it.each([
    ['abcd', 'ABCD'],
    ['  plenary-2026 ', 'PLENARY-2026'],
    ['A--B', 'A--B'],
    ['X'.repeat(24), 'X'.repeat(24)],
  ])('%j is %j', (typed, code) => {
    expect(codeSchema.parse(typed)).toBe(code)
  })

  it.each(['', 'ABC', 'X'.repeat(25), '-ABC', 'ABC-', 'AB CD', 'AB_CD', 'ÄBCD', 'ABCD\u0000', 'ab/../cd', 1234])(
    '%j is none',
    (typed) => {
      expect(codeSchema.safeParse(typed).success).toBe(false)
    },
  )

  it('a code is one code however it is typed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{4,24}$/), (code) => {
        expect(codeSchema.parse(` ${code} `)).toBe(codeSchema.parse(code.toUpperCase()))
        expect(codeSchema.parse(codeSchema.parse(code))).toBe(codeSchema.parse(code))
      }),
    )
  })
})

describe('names and titles', () => {
  it('are one trimmed line', () => {
    expect(nameSchema.parse('  Ada \n\t Lovelace ')).toBe('Ada Lovelace')
    expect(titleSchema.parse('All   hands')).toBe('All hands')
  })

  it.each(['', ' \n ', 'a\u0000b', 'a\u001bb', 'a\u007fb', 'x'.repeat(LIMITS.nameChars + 1), null, 7])(
    '%j is no name',
    (name) => {
      expect(nameSchema.safeParse(name).success).toBe(false)
    },
  )

  it('what is taken is taken again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const first = nameSchema.safeParse(typed)
        if (!first.success) return
        expect(nameSchema.parse(first.data)).toBe(first.data)
        expect(first.data).toMatch(/^\S(?:.*\S)?$/u)
        expect(first.data.length).toBeLessThanOrEqual(LIMITS.nameChars)
      }),
    )
  })
})

describe('asking for history', () => {
  it('reads numbers from a query, with a page of fifty unless told', () => {
    expect(entriesQuery.parse({ before: '120', limit: '200' })).toEqual({ before: 120, limit: 200 })
    expect(entriesQuery.parse({})).toEqual({ limit: 50 })
  })

  it.each([
    { limit: '0' },
    { limit: '201' },
    { before: '0' },
    { after: '-1' },
    { from: 'x' },
    { to: '1.5' },
    { page: '2' },
  ])('%j is refused', (query) => {
    expect(entriesQuery.safeParse(query).success).toBe(false)
  })
})
