import { expect, test } from 'vitest'
import { auditLine } from './audit-line.ts'
import type { Entry, UserId } from '@plenary/kinds'

const entry = (type: string, body: unknown, role: 'producer' | 'attendee' | 'system' = 'producer'): Entry => ({
  seq: 7,
  at: 1_000,
  by: { id: 'u' as UserId, name: 'Paul', role },
  type,
  body,
  id: 'c' as Entry['id'],
})

test.each([
  ['stage', 'go', { to: 'x', way: 'next' }, 'went on to the next cue'],
  ['stage', 'add', { cue: { title: 'Opening' }, before: null }, 'added the cue “Opening”'],
  ['stage', 'hold', { text: null }, 'put everything on hold'],
  ['stage', 'announce', { text: 'Doors close' }, 'announced “Doors close”'],
  ['chat', 'ban', { user: 'b', name: 'Ben', on: true }, 'banned Ben from the chat'],
  ['chat', 'ban', { user: 'b', name: 'Ben', on: false }, 'let Ben write in the chat again'],
  ['chat', 'delete', { target: 3, removed: 'staff' }, 'deleted a message'],
  ['questions', 'mark', { target: 3, as: 'live' }, 'marked a question as being answered'],
])('%s: %s', (kind, type, body, did) => {
  expect(auditLine(kind, entry(type, body))).toMatchObject({ at: 1_000, who: 'Paul', did })
})

test('what attendees do, what the engine does and what only repeats is no act of running the event', () => {
  expect(auditLine('chat', entry('post', { text: 'hello' }))).toBeNull()
  expect(auditLine('chat', entry('delete', { target: 3, removed: 'author' }))).toBeNull()
  expect(auditLine('questions', entry('close', { on: true }, 'attendee'))).toBeNull()
  expect(auditLine('stage', entry('go', { to: 'x' }, 'system'))).toBeNull()
  expect(auditLine('stage', { ...entry('now', {}), by: null })).toBeNull()
  expect(auditLine('unheard', entry('of', {}))).toBeNull()
})

test.each([
  [{ did: 'banned', role: 'attendee' }, 'banned Ben'],
  [{ did: 'admitted', role: 'attendee' }, 'let Ben in again'],
  [{ did: 'given', role: 'moderator' }, 'made Ben moderator'],
])('what was done in the settings is told of whoever did it: %j', (what, did) => {
  const body = { by: { id: 'o', name: 'Olga' }, user: 'b', name: 'Ben', ...what }
  const noted = {
    ...entry('noted', body, 'system'),
    by: { id: 'system' as UserId, name: 'system', role: 'system' },
  } as Entry
  expect(auditLine('stage', noted)).toMatchObject({ who: 'Olga', did })
})
